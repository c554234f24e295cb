import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box, Candidate } from "./candidate.ts";
import { overlapOf, suppressOverlaps } from "./suppress-overlaps.ts";

const box: fc.Arbitrary<Box> = fc
  .tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([left, top, width, height]) => [left, top, left + width, top + height]);
const candidate: fc.Arbitrary<Candidate> = fc.record({
  classId: fc.integer({ min: 0, max: 2 }),
  score: fc.integer({ min: 0, max: 20 }).map((steps) => steps / 20),
  box,
});
const candidates = fc.array(candidate, { maxLength: 40 });
const limit = fc.constantFrom(0, 0.2, 0.45, 0.8, 1);

/** Of one class, and overlapping by more than the limit. */
const rivals = (a: Candidate, b: Candidate, maxOverlap: number) =>
  a !== b && a.classId === b.classId && overlapOf(a.box, b.box) > maxOverlap;

describe("overlapOf", () => {
  test("is 1 for a box and itself, the same from both sides, and from 0 to 1", () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        expect(overlapOf(a, a)).toBe(1);
        expect(overlapOf(a, b)).toBe(overlapOf(b, a));
        expect(overlapOf(a, b)).toBeGreaterThanOrEqual(0);
        expect(overlapOf(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test.each([
    ["half of a box", [0, 0, 10, 10], [0, 0, 5, 10], 0.5],
    ["a corner", [0, 0, 10, 10], [5, 5, 15, 15], 25 / 175],
    ["edges that touch", [0, 0, 10, 10], [10, 0, 20, 10], 0],
    ["apart in both directions", [0, 0, 10, 10], [20, 20, 30, 30], 0],
    ["boxes without a size", [5, 5, 5, 5], [5, 5, 5, 5], 0],
  ] as const)("counts %s", (_name, a, b, expected) => {
    expect(overlapOf(a, b)).toBeCloseTo(expected, 12);
  });
});

describe("suppressOverlaps", () => {
  test("gives some of its candidates, the most certain first", () => {
    fc.assert(
      fc.property(candidates, limit, (input, maxOverlap) => {
        const kept = suppressOverlaps(input, maxOverlap);
        expect(kept.every((one) => input.includes(one))).toBe(true);
        expect(kept.map(({ score }) => score)).toEqual(kept.map(({ score }) => score).toSorted((a, b) => b - a));
      }),
    );
  });

  test("keeps no two rivals", () => {
    fc.assert(
      fc.property(candidates, limit, (input, maxOverlap) => {
        const kept = suppressOverlaps(input, maxOverlap);
        expect(kept.filter((a) => kept.some((b) => rivals(a, b, maxOverlap)))).toEqual([]);
      }),
    );
  });

  test("drops a candidate only for a rival that is at least as certain", () => {
    fc.assert(
      fc.property(candidates, limit, (input, maxOverlap) => {
        const kept = suppressOverlaps(input, maxOverlap);
        const orphans = input.filter(
          (one) => !kept.includes(one) && !kept.some((b) => rivals(one, b, maxOverlap) && b.score >= one.score),
        );
        expect(orphans).toEqual([]);
      }),
    );
  });

  test("finds nothing more to drop in what it kept", () => {
    fc.assert(
      fc.property(candidates, limit, (input, maxOverlap) => {
        const kept = suppressOverlaps(input, maxOverlap);
        expect(suppressOverlaps(kept, maxOverlap)).toEqual(kept);
      }),
    );
  });

  test("treats each class as if it were alone", () => {
    fc.assert(
      fc.property(candidates, limit, (input, maxOverlap) => {
        const only = (list: readonly Candidate[]) => list.filter(({ classId }) => classId === 1);
        expect(suppressOverlaps(only(input), maxOverlap)).toEqual(only(suppressOverlaps(input, maxOverlap)));
      }),
    );
  });
});
