import { setTimeout as pause } from "node:timers/promises";
import { greedyId, poisonId } from "../../../test/support/faults/fault-control.ts";
import { result, type BenchResult } from "../../support/result.ts";
import { pathOf } from "../fault-gateway.ts";
import { millisecondsUntil, openLab, type Lab } from "../lab.ts";
import { answered, summary } from "../samples.ts";

type Note = (message: string) => void;

async function ask({ gateway }: Lab, id: number): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${pathOf("shared")}`, {
    method: "POST",
    body: String(id),
    headers: { "content-type": "text/plain" },
  });
  return { status: response.status, body: await response.text() };
}

const crowd = 64;

/** F6: a device has memory for eight items and no more, and for one of them not at all. */
export async function measureMemory(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 1 }, ask: "shared", note });
  const one = lab.gateway.pool("one");
  note(`F6: ${crowd} calls at once, memory for eight; for one of them there is never enough`);
  one.set({ maxItems: 8 });
  const ids = Array.from({ length: crowd - 1 }, (_, index) => 1000 + index);
  const [greedy, ...others] = await Promise.all([greedyId, ...ids].map((id) => ask(lab, id)));
  const tries = one.runs().filter((run) => run.ids.includes(greedyId));
  const most = Math.max(...tries.map((run) => run.ids.length));
  note(`F6: ${greedyId} was in runs of ${tries.map((run) => run.ids.length).join(", ")}`);
  one.set({ maxItems: 8 });
  const later = await Promise.all(ids.map((id) => ask(lab, id + 1000)));
  const sizes = one.runs().filter((run) => (run.ids[0] ?? 0) >= 2000 && (run.ids[0] ?? 0) < 3000);
  return [
    result(
      `F6 out of memory: others not answered, of ${others.length}`,
      others.filter(({ status }) => status !== 200).length,
      "",
      {
        goal: "<= 0",
      },
    ),
    result("F6 tries of the item that never fits", tries.length, "", { goal: `<= ${Math.ceil(Math.log2(most)) + 1}` }),
    result("F6 status of the item that never fits", greedy?.status ?? 0, ""),
    result("F6 hosts lost over it", one.hostsEver().length - 1, "", { goal: "<= 0" }),
    result("F6 calls afterwards not answered", later.filter(({ status }) => status !== 200).length, "", {
      goal: "<= 0",
    }),
    result("F6 largest run afterwards", Math.max(...sizes.map((run) => run.ids.length)), "items"),
  ];
}

/** F7: one message ends every host that gets it, and is delivered again and again. */
export async function measurePoison(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, ask: "shared", note });
  const pools = [lab.gateway.pool("one"), lab.gateway.pool("two")];
  const hostsBefore = pools.flatMap((pool) => pool.hostsEver()).length;
  note("F7: a message that ends its host is delivered every half second");
  const deliveries: string[] = [];
  const poisoning = (async () => {
    for (let delivery = 0; delivery < 20; delivery++) {
      await pause(500);
      const { status, body } = await ask(lab, poisonId);
      deliveries.push(/"code":"(SG_\w+)"/.exec(body)?.[1] ?? String(status));
    }
  })();
  // At half of what these pools can do, hosts are seldom idle; a whole batch is lost with each that ends.
  const samples = await lab.load(0.5, 12, { deadlineMs: 2000 } as object);
  await poisoning;
  note(`F7: ${summary(samples)}; the message: ${deliveries.join(" ")}`);
  await millisecondsUntil(() => pools.every((pool) => pool.hosts().length > 0));
  const runs = pools.flatMap((pool) => pool.runs()).filter(({ ids }) => ids.includes(poisonId));
  const started = pools.flatMap((pool) => pool.hostsEver()).length - hostsBefore;
  return [
    result("F7 poison: hosts that got it", runs.length, "", { goal: "<= 3" }),
    result(
      "F7 it is refused with SG_COMPUTE_POISONED at the end",
      Number(deliveries.at(-1) === "SG_COMPUTE_POISONED"),
      "",
      {
        goal: ">= 1",
      },
    ),
    result("F7 answers to the others", answered(samples).length / samples.length, "", { goal: ">= 0.9" }),
    result("F7 hosts started because of it", started, ""),
  ];
}
