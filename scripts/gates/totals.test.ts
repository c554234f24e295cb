import { expect, test } from "vitest";
import { addTotals, closingLines, NO_TESTS, totalsOfRun } from "./totals.ts";

const skipped = [{ name: "reads the sample", reason: "samples are absent" }];

test("the last line counts, and every skip before it says why", () => {
  expect(closingLines({ passed: 3, failed: 1, skipped })).toEqual([
    "skipped: reads the sample (samples are absent)",
    "3 passed, 1 failed, 1 skipped",
  ]);
  expect(closingLines({ passed: 3, failed: 0, skipped: [] })).toEqual(["3 passed, 0 failed"]);
});

test("the counts of several runs add up", () => {
  const run = { passed: 2, failed: 1, skipped };
  expect(addTotals(run, run)).toEqual({ passed: 4, failed: 2, skipped: [...skipped, ...skipped] });
});

test("a run that crashed or found no test counts as a failure", () => {
  expect(totalsOfRun(undefined, 1)).toEqual({ ...NO_TESTS, failed: 1 });
  expect(totalsOfRun({ ...NO_TESTS, passed: 5 }, 1)).toEqual({ ...NO_TESTS, passed: 5, failed: 1 });
  expect(totalsOfRun({ ...NO_TESTS, failed: 2 }, 1).failed).toBe(2);
  expect(totalsOfRun({ ...NO_TESTS, passed: 5 }, 0).failed).toBe(0);
});
