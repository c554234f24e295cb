import { setTimeout as pause } from "node:timers/promises";
import type { FaultControl } from "../../../test/support/faults/fault-control.ts";
import { result, type BenchResult } from "../../support/result.ts";
import { openLab } from "../lab.ts";
import { answered, faults, millisecondsAt, summary } from "../samples.ts";
import { millisecondsUntil } from "../lab.ts";

type Note = (message: string) => void;

const kills = 5;
/** Where a run is given up when nothing else tells that its host is gone: the floor of the pool's patience. */
const perTryMs = 1000;

/** F1: a host is killed in the middle of an inference, again and again. The model has 19 million real weights. */
export async function measureKilledHosts(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, ask: "large", note });
  const one = lab.gateway.pool("one");
  const before = await lab.load(0.5, 5, { firstBody: 1000 });
  note(`F1: ${kills} hosts are killed, one every two seconds`);
  const respawnsMs: number[] = [];
  const killing = (async () => {
    for (let kill = 0; kill < kills; kill++) {
      await pause(1000);
      const running = one.hosts().length;
      killBusiest(one);
      respawnsMs.push(await millisecondsUntil(() => one.hosts().length >= running));
      await pause(1000);
    }
  })();
  const during = await lab.load(0.5, 14, { firstBody: 10_000 });
  await killing;
  note(`F1: ${summary(during)}`);
  const runs = [...one.runs(), ...lab.gateway.pool("two").runs()].flatMap(({ ids }) => ids);
  const most = Math.max(...during.map(({ id }) => runs.filter((ran) => ran === id).length));
  return [
    result(`F1 SIGKILL of a host mid-inference, ${kills}x: 5xx of ${during.length}`, faults(during).length, "", {
      goal: "<= 0",
    }),
    result("F1 runs of one request", most, "", { goal: "<= 2" }),
    result("F1 slowest answer over the usual p99", millisecondsAt(during, 1) - millisecondsAt(before, 0.99), "ms", {
      goal: `<= ${perTryMs + 50}`,
      baseline: millisecondsAt(before, 0.99),
    }),
    result("F1 a host is back", Math.max(...respawnsMs), "ms", { goal: "<= 3000" }),
  ];
}

/** The host that began a run last. */
function killBusiest(pool: FaultControl): void {
  const alive = pool.hosts();
  const [latest] = pool
    .runs()
    .filter(({ processId }) => alive.includes(processId))
    .toSorted((a, b) => b.atMs - a.atMs);
  process.kill(latest?.processId ?? alive[0] ?? 0, "SIGKILL");
}

/** F3: a host is stopped, which nobody reports. */
export async function measureStoppedHost(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const one = lab.gateway.pool("one");
  const before = await lab.load(0.5, 8);
  note("F3: a host is stopped");
  let ejectedMs = Number.POSITIVE_INFINITY;
  const stopping = (async () => {
    await pause(2000);
    const [host = 0] = one.hosts();
    process.kill(host, "SIGSTOP");
    ejectedMs = await millisecondsUntil(() => !one.hosts().includes(host));
  })();
  const during = await lab.load(0.5, 12);
  await stopping;
  note(`F3: ${summary(during)}`);
  return [
    result(`F3 SIGSTOP of a host: 5xx of ${during.length}`, faults(during).length, "", { goal: "<= 0" }),
    result("F3 it is ejected", ejectedMs, "ms", { goal: "<= 2000" }),
    result("F3 p99 over the usual p99", millisecondsAt(during, 0.99) / millisecondsAt(before, 0.99), "x", {
      goal: "<= 2",
    }),
    result("F3 slowest answer", millisecondsAt(answered(during), 1), "ms", { baseline: millisecondsAt(before, 1) }),
  ];
}
