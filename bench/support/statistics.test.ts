import { describe, expect, it } from "vitest";
import { median, quantile } from "./statistics.ts";

describe("quantile", () => {
  it.each([
    [[5, 1, 3], 0.5, 3],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[4, 3, 2, 1], 0, 1],
    [[4, 3, 2, 1], 1, 4],
    [[0, 10], 0.99, 9.9],
    [[7], 0.3, 7],
  ])("of %j at %d is %d", (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected, 10);
  });

  it("of nothing is not a number", () => {
    expect(median([])).toBeNaN();
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
