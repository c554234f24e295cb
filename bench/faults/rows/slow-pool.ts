import { setTimeout as pause } from "node:timers/promises";
import { result, type BenchResult } from "../../support/result.ts";
import { epochNow, openLab } from "../lab.ts";
import { answered, between, faults, shareOf, summary } from "../samples.ts";

const deadlineMs = 500;

/** F4: a pool becomes ten times slower, as a throttled device does. */
export async function measureSlowPool(note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const headers = { accept: "application/vnd.stargate+json", "stargate-deadline-ms": String(deadlineMs) };
  const before = await lab.load(0.5, 8, { headers });
  note("F4: pool two becomes ten times slower");
  let slowMs = Number.POSITIVE_INFINITY;
  const slowing = (async () => {
    await pause(1000);
    lab.gateway.pool("two").set({ slowness: 10 });
    slowMs = epochNow();
  })();
  const during = await lab.load(0.5, 16, { headers });
  await slowing;
  const late = between(during, slowMs + 5000, slowMs + 10_000);
  const usual = shareOf(before, "two");
  note(`F4: share of pool two ${usual.toFixed(2)} before; ${summary(during)}`);
  return [
    result("F4 traffic a pool has lost 5 to 10 s after it became 10x slower", 1 - shareOf(late, "two") / usual, "", {
      goal: ">= 0.8",
    }),
    result(`F4 answers within ${deadlineMs} ms`, inTime(between(during, slowMs, slowMs + 15_000)), "", {
      goal: ">= 0.95",
    }),
    result(`F4 5xx of ${during.length}`, faults(during).length, "", { baseline: faults(before).length }),
  ];
}

const inTime = (samples: Parameters<typeof answered>[0]): number =>
  answered(samples).filter(({ ms }) => ms <= deadlineMs).length / samples.length;
