import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAmount, type NumberFormat } from "../../test/invoices/formats.ts";
import { decimalMarkOf, readAmount, settleAmount } from "./amounts.ts";

test.each([
  ["1.234,56", ["1234.56"], ","],
  ["1,234.56", ["1234.56"], "."],
  ["1 234,56", ["1234.56"], ","],
  ["1\u202F234,56", ["1234.56"], ","],
  ["1'234.56", ["1234.56"], "."],
  ["1’234’567.05", ["1234567.05"], "."],
  ["12,34,567.00", ["1234567.00"], "."],
  ["1,23,456", ["123456"], "."],
  ["1.234.567", ["1234567"], ","],
  ["0,125", ["0.125"], ","],
  ["1234,5678", ["1234.5678"], ","],
  ["12345", ["12345"], undefined],
  ["1.234", ["1234", "1.234"], undefined],
  ["-12,50", ["-12.50"], ","],
  ["12,50-", ["-12.50"], ","],
  ["(12.50)", ["-12.50"], "."],
  ["1.234 ,56", ["1234.56"], ","],
  ["0,00", ["0.00"], ","],
])("%s is read as %j", (text, candidates, mark) => {
  const reading = readAmount(text);
  expect(reading?.candidates).toEqual(candidates);
  expect(reading?.mark).toBe(mark);
});

test.each(["", "abc", "12,", "1,2345,678", "1.23.456,7", "(12", "12)", "1..2", "1,234.567,89"])(
  "%j is no number",
  (text) => {
    expect(readAmount(text)).toBeUndefined();
  },
);

test("the document's decimal mark settles what may be thousands or decimals", () => {
  const ambiguous = readAmount("1.234")!;
  expect(settleAmount(ambiguous, ",", "1.234")).toEqual(["1234"]);
  expect(settleAmount(ambiguous, ".", "1.234")).toEqual(["1.234"]);
  expect(settleAmount(ambiguous, undefined, "1.234")).toEqual(["1234", "1.234"]);
});

test("a document whose numbers contradict one another has no decimal mark", () => {
  const comma = readAmount("1,50")!;
  const point = readAmount("1.50")!;
  expect(decimalMarkOf([comma, comma, comma, point])).toBe(",");
  expect(decimalMarkOf([comma, point])).toBeUndefined();
  expect(decimalMarkOf([readAmount("15")!])).toBeUndefined();
});

const formats: readonly NumberFormat[] = [
  { group: ".", decimal: "," },
  { group: ",", decimal: "." },
  { group: " ", decimal: "," },
  { group: "'", decimal: "." },
  { group: ",", decimal: ".", isIndian: true },
  { group: "", decimal: "," },
];

test("every amount printed in any of the formats is read back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.constantFrom(...formats), (cents, format) => {
      const digits = String(cents).padStart(3, "0");
      const amount = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
      expect(readAmount(formatAmount(amount, format))?.candidates).toEqual([amount]);
    }),
  );
});
