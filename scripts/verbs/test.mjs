import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STAGES } from "../test/stages.mjs";
import { runTests } from "../test/tools.mjs";
import { addTotals, closingLines, noTotals, totalsOfRun } from "../test/totals.mjs";

/**
 * `npm test` runs every stage; `npm test -- lint unit` those stages; anything else is passed to
 * vitest: `npm test -- packages/kernel -t "plan hash"`, `npm test -- unit packages/server`.
 * Stops at the first stage that fails. The last line counts tests, and each gate as one.
 *
 * @param {readonly string[]} testArguments
 */
export async function run(testArguments) {
  const { stages, vitestArguments } = selectStages(testArguments);
  const folder = mkdtempSync(join(tmpdir(), "stargate-test-"));
  const report = [];
  let totals = noTotals();
  try {
    for (const stage of stages) {
      process.stdout.write(`\n=== ${stage.name}\n`);
      const startedAt = performance.now();
      const { exitCode, counts } = await runStage(stage, vitestArguments, join(folder, `${stage.name}.json`));
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      totals = addTotals(totals, counts);
      report.push(`${exitCode === 0 ? "passed" : "FAILED"}  ${stage.name.padEnd(14)} ${seconds.padStart(6)} s`);
      if (exitCode !== 0) break;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const notRun = stages.slice(report.length).map((stage) => `not run ${stage.name}`);
  process.stdout.write(`\n${[...report, ...notRun, "", ...closingLines(totals)].join("\n")}\n`);
  return totals.failed === 0 ? 0 : 1;
}

function selectStages(testArguments) {
  const isStageName = (argument) => STAGES.some(({ name }) => name === argument);
  const vitestArguments = testArguments.filter((argument) => !isStageName(argument));
  const named = STAGES.filter(({ name }) => testArguments.includes(name));
  if (named.length > 0) return { stages: named, vitestArguments };
  if (vitestArguments.length > 0) return { stages: [{ name: "selected tests" }], vitestArguments };
  return { stages: STAGES, vitestArguments };
}

async function runStage(stage, vitestArguments, totalsFile) {
  if (stage.check !== undefined) {
    const exitCode = await stage.check();
    const passed = exitCode === 0;
    return { exitCode, counts: { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] } };
  }
  const project = stage.project === undefined ? [] : ["--project", stage.project];
  const exitCode = await runTests([...project, ...vitestArguments], totalsFile);
  return { exitCode, counts: totalsOfRun(totalsFile, exitCode) };
}
