import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startNode } from "../support/child-process.ts";
import { residentMib } from "../support/process-memory.ts";
import { result, type BenchResult } from "../support/result.ts";
import { median } from "../support/statistics.ts";

const fromSource = new URL("../../packages/server/src/cli/main.ts", import.meta.url).pathname;
const fromBuild = new URL("../../packages/server/dist/cli/main.js", import.meta.url).pathname;
const bareNode = new URL("processes/bare-node.ts", import.meta.url).pathname;
const rounds = 7;

/** From the spawn of a gateway with every first-party adapter to its first "ready", against Node that does nothing. */
export async function measureStart(note: (message: string) => void): Promise<readonly BenchResult[]> {
  const directory = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  try {
    const starts = new Map<string, number[]>();
    const idleMib = new Map<string, number>();
    const candidates = [
      { name: "bare", file: bareNode },
      { name: "source", file: fromSource },
      ...(existsSync(fromBuild) ? [{ name: "build", file: fromBuild }] : []),
    ];
    if (candidates.length === 2)
      note("start: packages/server/dist is not built (npm run build), measured from source only");
    note(`start: ${rounds} starts of each in turn`);
    for (let round = -1; round < rounds; round++) {
      for (const { name, file } of candidates) {
        const { readyMs, residentMib: idle } = await startOnce(name, file, directory, round === rounds - 1);
        // The first round fills Node's compile cache, which an installed gateway keeps between starts.
        if (round >= 0) starts.set(name, [...(starts.get(name) ?? []), readyMs]);
        if (idle !== undefined) idleMib.set(name, idle);
      }
    }
    const bareMs = median(starts.get("bare") ?? []);
    return candidates
      .filter(({ name }) => name !== "bare")
      .flatMap(({ name }) => [
        result(`spawn to /readyz, from ${name}`, median(starts.get(name) ?? []), "ms", {
          goal: "<= 400",
          baseline: bareMs,
        }),
        result(`RSS when idle, from ${name}`, idleMib.get(name) ?? Number.NaN, "MiB", {
          goal: "<= 300",
          baseline: idleMib.get("bare") ?? Number.NaN,
        }),
      ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function startOnce(name: string, file: string, directory: string, look: boolean) {
  const startedMs = performance.now();
  await using child = await startNode(file, {
    arguments: name === "bare" ? [] : ["serve", "--json", "--port", "0"],
    directory,
    source: name !== "build",
    errorOutput: "ignore",
  });
  if (name !== "bare") {
    const response = await fetch(`${String(child.ready["url"])}/readyz`);
    if (!response.ok) throw new RangeError(`/readyz of the gateway from ${name} answered ${response.status}`);
  }
  const readyMs = performance.now() - startedMs;
  if (!look) return { readyMs, residentMib: undefined };
  await pause(2000);
  return { readyMs, residentMib: residentMib(child.pid) };
}
