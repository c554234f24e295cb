import { expect, test } from "vitest";
import { meanAbove, normalCdf } from "./normal.ts";

// Values of R 4: pnorm(z), dnorm(z) / (1 - pnorm(z)).
test.each([
  [-3, 0.001349898],
  [-1, 0.158655254],
  [0, 0.5],
  [0.5, 0.691462461],
  [1.959964, 0.975],
  [4, 0.999968329],
])("the distribution function at %d is %d", (z, expected) => {
  expect(normalCdf(z)).toBeCloseTo(expected, 6);
});

test.each([
  [0, 0.797884561],
  [1, 1.525135276],
  [3, 3.283098652],
  [6, 6.158483],
])("the mean above %d is %d", (z, expected) => {
  expect(meanAbove(z)).toBeCloseTo(expected, 3);
});

test("the mean above is continuous where the approximation changes", () => {
  expect(meanAbove(3.000001) - meanAbove(3)).toBeLessThan(0.001);
});
