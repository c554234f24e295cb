import { result, type BenchResult } from "../../support/result.ts";
import { median } from "../../support/statistics.ts";
import { millisecondsUntil, openLab, type Lab } from "../lab.ts";
import { faults, millisecondsAt, summary } from "../samples.ts";

type Note = (message: string) => void;

/** What each plugin does, and the code of the error it ends in; undefined: it ends well. */
const plugins = [
  { name: "throws", code: "SG_SERVER_INTERNAL" },
  { name: "hangs", code: "SG_RUN_DEADLINE" },
  { name: "spin", code: "SG_RUN_DEADLINE" },
  { name: "hoard", code: /SG_SERVER_INTERNAL|SG_OFFLOAD_FAILED|SG_RUN_DEADLINE/ },
  { name: "flood", code: undefined },
] as const;
const rounds = 3;

/** F21: plugins that throw, never end, take memory, or print without end, beside a pipeline that does none of it. */
export async function measurePlugins(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const quiet: number[] = [];
  const disturbed: number[] = [];
  const told = new Map<string, Set<string>>();
  let count = 0;
  let failed = 0;
  note(`F21: ${plugins.map(({ name }) => name).join(", ")}, in turn with nothing`);
  for (let round = 0; round < rounds; round++) {
    quiet.push(millisecondsAt(await lab.load(0.3, 4), 0.99));
    const [samples] = await Promise.all([lab.load(0.3, 4), ...plugins.map(({ name }) => misbehave(lab, name, told))]);
    disturbed.push(millisecondsAt(samples, 0.99));
    count += samples.length;
    failed += faults(samples).length;
    if (failed > 0) note(`F21: ${summary(samples)}`);
  }
  for (const [name, ends] of told) note(`F21: ${name}: ${[...ends].join(", ")}`);
  const asExpected = plugins.filter(({ name, code }) =>
    [...(told.get(name) ?? [])].every((end) => (code === undefined ? end === "200" : new RegExp(code).test(end))),
  );
  return [
    result(`F21 bad plugins beside it: 5xx of ${count}`, failed, "", { goal: "<= 0" }),
    result(`F21 plugins that end in a typed error, or well, of ${plugins.length}`, asExpected.length, "", {
      goal: `>= ${plugins.length}`,
    }),
    result("F21 p99 beside bad plugins over p99 alone", median(disturbed) / median(quiet), "x", {
      goal: "<= 1.1",
      baseline: 1,
    }),
    ...(await measureLeak(note)),
  ];
}

async function misbehave({ gateway }: Lab, name: string, told: Map<string, Set<string>>): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/v1/pipelines/${name}`, {
    method: "POST",
    body: "x",
    headers: { "content-type": "text/plain", "stargate-deadline-ms": "3000" },
  });
  const end = /"code":"(SG_\w+)"/.exec(await response.text())?.[1] ?? String(response.status);
  told.set(name, (told.get(name) ?? new Set()).add(end));
}

const mebibyte = 2 ** 20;

/** A model that keeps 10 MB of every run: its host is replaced before it is too large. */
async function measureLeak(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 1, two: 1 }, maxHostBytes: 400 * mebibyte, note });
  const one = lab.gateway.pool("one");
  note("F21: a model leaks 10 MB a run; its host may hold 400");
  const before = one.hostsEver().length;
  one.set({ leakBytes: 10 * mebibyte });
  const samples = await lab.load(0.4, 12);
  one.set({});
  note(`F21: ${summary(samples)}`);
  await millisecondsUntil(() => one.hosts().length > 0);
  return [
    result(`F21 a leaking model: 5xx of ${samples.length}`, faults(samples).length, "", { goal: "<= 0" }),
    result("F21 hosts replaced because of it", one.hostsEver().length - before, "", { goal: ">= 1" }),
  ];
}
