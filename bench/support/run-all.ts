import type { BenchResult } from "./result.ts";

/** One part of a suite. */
export type Measure = (note: (message: string) => void) => Promise<readonly BenchResult[]>;

/** Runs the parts of a suite one after another. One that fails is told and leaves its rows out; the others still count. */
export async function runAll(
  measures: readonly Measure[],
  note: (message: string) => void,
): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const measure of measures) {
    try {
      results.push(...(await measure(note)));
    } catch (error) {
      note(`FAILED, rows left out: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 1;
    }
  }
  return results;
}
