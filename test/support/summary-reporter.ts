import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";
import { closingLines, type SkippedTest, type TestTotals } from "../../scripts/gates/totals.ts";

/**
 * Counts a run. A file that could not be loaded, and a suite whose hook failed, counts as one
 * failure each: otherwise a broken import would read "0 failed".
 */
export function countTests(testModules: readonly TestModule[]): TestTotals {
  let passed = 0;
  let failed = 0;
  const skipped: SkippedTest[] = [];
  for (const testModule of testModules) {
    failed += countOwnErrors(testModule);
    for (const suite of testModule.children.allSuites()) failed += countOwnErrors(suite);
    for (const testCase of testModule.children.allTests()) {
      const { state } = testCase.result();
      if (state === "passed") passed += 1;
      else if (state === "failed") failed += 1;
      else
        skipped.push({ name: `${testModule.relativeModuleId} > ${testCase.fullName}`, reason: skipReason(testCase) });
    }
  }
  return { passed, failed, skipped };
}

function countOwnErrors(node: TestModule | TestSuite): number {
  return node.errors().length > 0 ? 1 : 0;
}

function skipReason(testCase: TestCase): string {
  const result = testCase.result();
  return (result.state === "skipped" ? result.note : undefined) ?? "no reason given";
}

/**
 * Vitest reporter beside the default one: it has the last word, after the default summary. `npm
 * test` adds up the counts of its stages from the file named by STARGATE_TEST_TOTALS.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counted = countTests(testModules);
    const totals: TestTotals = { ...counted, failed: counted.failed + unhandledErrors.length };
    const totalsFile = process.env["STARGATE_TEST_TOTALS"];
    if (totalsFile !== undefined) writeFileSync(totalsFile, JSON.stringify(totals));
    process.stdout.write(`\n${closingLines(totals).join("\n")}\n`);
  }
}
