import { expect, test } from "vitest";
import { readDates } from "./dates.ts";

test.each([
  ["2026-11-12", ["2026-11-12"]],
  ["12.11.2026", ["2026-11-12"]],
  ["1.2.26", ["2026-02-01"]],
  ["25/12/2026", ["2026-12-25"]],
  ["12/25/2026", ["2026-12-25"]],
  ["12/11/2026", ["2026-11-12", "2026-12-11"]],
  ["07/07/2026", ["2026-07-07"]],
  ["03-04-2026", ["2026-04-03", "2026-03-04"]],
  ["12. November 2026", ["2026-11-12"]],
  ["12 novembre 2026", ["2026-11-12"]],
  ["1er mars 2026", ["2026-03-01"]],
  ["12 de noviembre de 2026", ["2026-11-12"]],
  ["12 novembre 2026", ["2026-11-12"]],
  ["3 maart 2026", ["2026-03-03"]],
  ["15 de março de 2026", ["2026-03-15"]],
  ["12. März 2026", ["2026-03-12"]],
  ["November 12, 2026", ["2026-11-12"]],
  ["Nov 12 2026", ["2026-11-12"]],
  ["12-Nov-2026", ["2026-11-12"]],
  ["12th November 2026", ["2026-11-12"]],
  ["1 Sept. 2026", ["2026-09-01"]],
])("%s is read as %j", (text, candidates) => {
  expect(readDates(text).map((date) => date.candidates)).toEqual([candidates]);
});

test.each(["31.02.2026", "45/01/2025", "2026-13-01", "1.234.567", "12 bananas 2026", "10.11", "030 5550134", "20.00"])(
  "%s is no date",
  (text) => {
    expect(readDates(text)).toEqual([]);
  },
);

test("several dates in a row are found where they stand", () => {
  const text = "from 01.02.2026 to 28.02.2026";
  expect(readDates(text).map(({ start, end }) => text.slice(start, end))).toEqual(["01.02.2026", "28.02.2026"]);
});

test("a day beyond 12 proves the order of its kind of date", () => {
  expect(readDates("25/12/2026")[0]?.order).toBe("day-first");
  expect(readDates("12/25/2026")[0]?.order).toBe("month-first");
  expect(readDates("12/11/2026")[0]?.order).toBeUndefined();
});
