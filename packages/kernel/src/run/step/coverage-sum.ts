import type { Coverage, Gap } from "../../contract/coverage.ts";

/** Gaps named one by one; further ones are only counted, so that a long stream's receipt stays small. */
const MAX_NAMED_GAPS = 100;

interface Sum {
  readonly measure: string;
  done: number;
  of: number | null;
  readonly missing: Gap[];
  unnamed: number;
}

/** Coverage of one step, summed over its invocations, per measure. */
export class CoverageSum {
  readonly #sums: Sum[] = [];

  add({ measure, done, of, missing }: Coverage): void {
    let sum = this.#sums.find((candidate) => candidate.measure === measure);
    if (sum === undefined) this.#sums.push((sum = { measure, done: 0, of: 0, missing: [], unnamed: 0 }));
    sum.done += done;
    sum.of = sum.of === null || of === null ? null : sum.of + of;
    for (const gap of missing ?? []) {
      if (sum.missing.length < MAX_NAMED_GAPS) sum.missing.push(gap);
      else sum.unnamed += 1;
    }
  }

  toCoverage(): Coverage[] {
    return this.#sums.map(({ measure, done, of, missing, unnamed }) => ({
      measure,
      done,
      of,
      ...(missing.length > 0 && {
        missing:
          unnamed > 0 ? [...missing, { what: `${unnamed} further parts`, reason: "not named one by one" }] : missing,
      }),
    }));
  }
}

/**
 * Share of the input that was read, 0-1. With an unknown total, every named gap counts as one unit of the measure:
 * nothing missing is 1.
 */
export function coverageRatio({ done, of, missing }: Coverage): number {
  const total = of ?? done + (missing?.length ?? 0);
  return total === 0 ? 1 : Math.min(1, done / total);
}

/** The weakest entry per measure: a chain of steps is as complete as its least complete step. */
export function weakestCoverage(entries: Iterable<Coverage>): Coverage[] {
  const weakest = new Map<string, Coverage>();
  for (const entry of entries) {
    const known = weakest.get(entry.measure);
    if (known === undefined || coverageRatio(entry) < coverageRatio(known)) weakest.set(entry.measure, entry);
  }
  return [...weakest.values()];
}
