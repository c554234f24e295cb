import fc from "fast-check";
import { expect, test } from "vitest";
import { addAmounts, fromUnits, multiplyAmounts, sameAmount, toUnits, withinCents } from "./decimal.ts";

test("sums that binary fractions get wrong are exact", () => {
  expect(addAmounts(["0.10", "0.20"])).toBe("0.30");
  expect(addAmounts(["99999999999999.99", "0.01"])).toBe("100000000000000.00");
  expect(addAmounts(["10.00", "-12.5"])).toBe("-2.50");
  expect(addAmounts([])).toBe("0.00");
});

test("products are rounded half away from zero", () => {
  expect(multiplyAmounts("3", "0.335")).toBe("1.01");
  expect(multiplyAmounts("0.5", "0.01")).toBe("0.01");
  expect(multiplyAmounts("-0.5", "0.01")).toBe("-0.01");
  expect(multiplyAmounts("7", "218.87")).toBe("1532.09");
});

test("trailing zeros make no difference", () => {
  expect(sameAmount("1.5", "1.50")).toBe(true);
  expect(sameAmount("1.5", "1.51")).toBe(false);
  expect(withinCents("1.50", "1.51", 1)).toBe(true);
  expect(withinCents("1.50", "1.52", 1)).toBe(false);
});

test("any amount survives the way to units and back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (units) => {
      expect(toUnits(fromUnits(units))).toBe(units);
    }),
  );
});
