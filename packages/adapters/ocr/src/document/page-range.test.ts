import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePageRange } from "./page-range.ts";

test.each([
  [undefined, [1, 2, 3, 4, 5]],
  ["1-3,5", [1, 2, 3, 5]],
  ["4-", [4, 5]],
  [" 2 , 2, 1 - 2 ", [1, 2]],
  ["5", [5]],
])("%j of five pages is %j", (range, pages) => {
  expect(parsePageRange(range, 5)).toEqual(pages);
});

test.each(["", "0", "6", "2-9", "3-2", "a", "1,,2", "-3", "1-2-3", "1 2", "1.5", "6-"])(
  "%j of five pages is refused, naming range and pages",
  (range) => {
    expect(() => parsePageRange(range, 5)).toThrow(
      expect.objectContaining({ code: "SG_OCR_PAGE_RANGE", message: expect.stringContaining(`"${range}"`) }),
    );
  },
);

test("what it gives is ascending, without doubles and within the document", () => {
  const part = fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
    .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const pages = parsePageRange(parts.join(","), 50);
      expect(pages).toEqual([...new Set(pages)].sort((a, b) => a - b));
      expect(pages.every((page) => page >= 1 && page <= 50)).toBe(true);
    }),
    { seed: 11, numRuns: 200 },
  );
});
