/** A test that did not run, and why. */
export interface SkippedTest {
  readonly name: string;
  readonly reason: string;
}

/** Counts over all tests of a run, or of several. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
}

export const NO_TESTS: TestTotals = { passed: 0, failed: 0, skipped: [] };

export function addTotals(left: TestTotals, right: TestTotals): TestTotals {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: [...left.skipped, ...right.skipped],
  };
}

/**
 * Counts of one run given its exit code. A run that failed without a failed test (it crashed, or
 * found no test at all) counts as one failure.
 */
export function totalsOfRun(reported: TestTotals | undefined, exitCode: number): TestTotals {
  const totals = reported ?? NO_TESTS;
  return exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

/** The lines that end a run: every skipped test with its reason, then the counts. */
export function closingLines({ passed, failed, skipped }: TestTotals): string[] {
  const reasons = skipped.map(({ name, reason }) => `skipped: ${name} (${reason})`);
  const counts = `${passed} passed, ${failed} failed`;
  return [...reasons, skipped.length === 0 ? counts : `${counts}, ${skipped.length} skipped`];
}
