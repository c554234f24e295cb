import { existsSync, readFileSync } from "node:fs";

/**
 * Counts over all stages of one `npm test`.
 *
 * @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} Totals
 */

/** @returns {Totals} */
export function noTotals() {
  return { passed: 0, failed: 0, skipped: [] };
}

/** @param {Totals} left @param {Totals} right @returns {Totals} */
export function addTotals(left, right) {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: [...left.skipped, ...right.skipped],
  };
}

/**
 * Counts of one vitest run. A run that failed without a failed test (it crashed, or found no test
 * at all) counts as one failure.
 *
 * @param {string} totalsFile written by test/support/summary-reporter.ts
 * @param {number} exitCode
 * @returns {Totals}
 */
export function totalsOfRun(totalsFile, exitCode) {
  const totals = existsSync(totalsFile) ? JSON.parse(readFileSync(totalsFile, "utf8")) : noTotals();
  return exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

/** @param {Totals} totals @returns {string[]} the lines that end `npm test` */
export function closingLines({ passed, failed, skipped }) {
  const counts = `${passed} passed, ${failed} failed`;
  const reasons = skipped.map(({ name, reason }) => `skipped: ${name} (${reason})`);
  return [...reasons, skipped.length === 0 ? counts : `${counts}, ${skipped.length} skipped`];
}
