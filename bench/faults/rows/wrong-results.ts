import { setTimeout as pause } from "node:timers/promises";
import type { Faults } from "../../../test/support/faults/fault-control.ts";
import type { LoadSample } from "../../support/open-load.ts";
import { result, type BenchResult } from "../../support/result.ts";
import { epochNow, millisecondsUntil, openLab, probe, type Lab } from "../lab.ts";
import { answered, between, faults, summary, toldBy } from "../samples.ts";

/** Requests ask for few things again and again, so that every answer can be compared with the right one. */
const bodies = 20;
/** A canary is looked at every 30 s; with a little for the run it waits for. */
const intervalMs = 31_000;

/** F5: a pool computes wrongly, and does not say so. */
export async function measureWrongResults(note: (message: string) => void): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const right = rightAnswers(await lab.load(0.3, 4, { bodies }));
  return [...(await measure(lab, right, "wrong", note)), ...(await measure(lab, right, "nan", note))];
}

async function measure(
  lab: Lab,
  right: ReadonlyMap<number, unknown>,
  outputs: NonNullable<Faults["outputs"]>,
  note: (message: string) => void,
): Promise<readonly BenchResult[]> {
  const two = lab.gateway.pool("two");
  note(`F5: pool two computes ${outputs} numbers`);
  const startedMs = epochNow();
  two.set({ outputs });
  const samples = await lab.load(0.25, intervalMs / 1000 + 5, { bodies });
  const wrong = answered(samples).filter((sample) => toldBy(sample).firstOutput !== right.get(sample.id));
  const lastMs = Math.max(startedMs, ...wrong.map(({ atMs }) => atMs)) - startedMs;
  note(
    `F5: ${wrong.length} of ${samples.length} answers were wrong, the last after ${(lastMs / 1000).toFixed(1)} s; ${summary(samples)}`,
  );
  two.set({});
  const backMs = await millisecondsUntil(async () => {
    await pause(100);
    return (await probe(lab.gateway, { "stargate-pool": "two" })).status === 200;
  });
  return [
    result(`F5 ${outputs} numbers: the last such answer`, lastMs / 1000, "s", { goal: `<= ${intervalMs / 1000}` }),
    result(`F5 ${outputs} numbers: answers before that, of ${samples.length}`, wrong.length, ""),
    result(`F5 ${outputs} numbers: 5xx`, faults(between(samples, startedMs, Infinity)).length, "", { goal: "<= 0" }),
    result(`F5 the pool is used again when it computes rightly`, backMs, "ms", { goal: "<= 6000" }),
  ];
}

function rightAnswers(samples: readonly LoadSample[]): ReadonlyMap<number, unknown> {
  return new Map(answered(samples).map((sample) => [sample.id, toldBy(sample).firstOutput]));
}
