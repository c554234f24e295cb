import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJson } from "../gates/read-json.ts";
import { type Stage, STAGES } from "../gates/stages.ts";
import { runTests } from "../gates/tools.ts";
import { addTotals, closingLines, NO_TESTS, type TestTotals, totalsOfRun } from "../gates/totals.ts";

/**
 * `npm test` runs every stage; `npm test -- lint unit` those stages; anything else is passed to
 * vitest: `npm test -- packages/kernel -t "plan hash"`, `npm test -- unit packages/server`.
 * Stops at the first stage that fails. The last line counts tests, and each gate as one.
 */
export async function run(testArguments: readonly string[]): Promise<number> {
  const { stages, vitestArguments } = selectStages(testArguments);
  const report: string[] = [];
  let totals = NO_TESTS;
  for (const stage of stages) {
    process.stdout.write(`\n=== ${stage.name}\n`);
    const startedAt = performance.now();
    const counts = await runStage(stage, vitestArguments);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    totals = addTotals(totals, counts);
    report.push(`${counts.failed === 0 ? "passed" : "FAILED"}  ${stage.name.padEnd(14)} ${seconds.padStart(6)} s`);
    if (counts.failed > 0) break;
  }
  const notRun = stages.slice(report.length).map(({ name }) => `not run ${name}`);
  process.stdout.write(`\n${[...report, ...notRun, "", ...closingLines(totals)].join("\n")}\n`);
  return totals.failed === 0 ? 0 : 1;
}

/** Which stages the arguments ask for, and what is left for vitest. */
export function selectStages(testArguments: readonly string[]): {
  stages: readonly Stage[];
  vitestArguments: string[];
} {
  const stageNames = new Set(STAGES.map(({ name }) => name));
  const vitestArguments = testArguments.filter((argument) => !stageNames.has(argument));
  const named = STAGES.filter(({ name }) => testArguments.includes(name));
  const selected: Stage = { name: "selected", project: undefined };
  if (vitestArguments.length === 0) return { stages: named.length > 0 ? named : STAGES, vitestArguments };
  const takesArguments = named.some((stage) => !("check" in stage));
  return { stages: takesArguments ? named : [...named, selected], vitestArguments };
}

async function runStage(stage: Stage, vitestArguments: readonly string[]): Promise<TestTotals> {
  if ("check" in stage) {
    const exitCode = await stage.check();
    return exitCode === 0 ? { ...NO_TESTS, passed: 1 } : { ...NO_TESTS, failed: 1 };
  }
  const folder = mkdtempSync(join(tmpdir(), "stargate-test-"));
  try {
    const totalsFile = join(folder, "totals.json");
    const project = stage.project === undefined ? [] : ["--project", stage.project];
    const exitCode = await runTests([...project, ...vitestArguments], totalsFile);
    return totalsOfRun(existsSync(totalsFile) ? readJson<TestTotals>(totalsFile) : undefined, exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
