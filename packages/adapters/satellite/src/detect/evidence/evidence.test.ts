import { expect, test } from "vitest";
import { createEvidence } from "./evidence.ts";

const rule = { threshold: 2.5, confirmations: 3 } as const;

function after(evidence: "cumulative" | "consecutive", distances: readonly number[]) {
  const sum = createEvidence({ evidence, ...rule });
  const confidences = distances.map((distance, date) => {
    sum.add(distance, date);
    return sum.confidence();
  });
  return { first: sum.firstDate(), confirmed: sum.confirmedDate(), confidences };
}

test("no single observation confirms, however far it is, and neither do two", () => {
  expect(after("cumulative", [0, 99, 99, 0, 0]).confirmed).toBe(-1);
  expect(after("cumulative", [0, 99, 99, 99])).toMatchObject({ first: 1, confirmed: 3 });
});

test("a contrary observation in a clear change delays it when evidence adds up, and undoes it in a row", () => {
  const distances = [6, 6, 1, 6, 6, 6];
  expect(after("cumulative", distances)).toMatchObject({ first: 0, confirmed: 4 });
  expect(after("consecutive", distances)).toMatchObject({ first: 3, confirmed: 5 });
});

test("weak evidence confirms too, later", () => {
  expect(
    after(
      "cumulative",
      Array.from({ length: 12 }, () => 3.1),
    ).confirmed,
  ).toBe(9);
});

test.each(["cumulative", "consecutive"] as const)(
  "confidence, %s: grows with what agrees, falls back with what does not",
  (evidence) => {
    const { confidences } = after(evidence, [6, 6, 6, 6, 6, 6, 0, 0, 0, 0, 0, 0]);
    for (let date = 1; date < 6; date++) expect(confidences[date]).toBeGreaterThan(confidences[date - 1]!);
    for (let date = 7; date < 12; date++) expect(confidences[date]).toBeLessThan(confidences[date - 1]!);
    expect(confidences[5]).toBeCloseTo(0.99, 1);
    expect(confidences[11]).toBeLessThan(0.1);
  },
);

test("a change keeps the date of its first observation after it is over", () => {
  const { first, confirmed } = after("cumulative", [0, 6, 6, 6, 0, 0, 0, 0, 0, 0, 6, 6]);
  expect([first, confirmed]).toEqual([1, 3]);
});
