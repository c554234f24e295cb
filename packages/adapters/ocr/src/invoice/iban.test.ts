import fc from "fast-check";
import { expect, test } from "vitest";
import { makeInvoice } from "../../test/invoices/invoice-data.ts";
import { british, german, italian } from "../../test/invoices/profiles.ts";
import { hasValidChecksum, readIbans } from "./iban.ts";

// Examples of the ISO 13616 registry.
test.each([
  "DE89370400440532013000",
  "GB29NWBK60161331926819",
  "FR1420041010050500013M02606",
  "CH9300762011623852957",
  "NO9386011117947",
])("%s is valid", (iban) => {
  expect(hasValidChecksum(iban)).toBe(true);
  const spaced = iban.replace(/(.{4})(?=.)/g, "$1 ");
  expect(readIbans(`Pay to IBAN: ${spaced}, thank you`)).toMatchObject([{ iban, isValid: true, isRepaired: false }]);
});

test("a wrong digit is told, not read", () => {
  expect(readIbans("DE89370400440532013001")).toMatchObject([{ iban: "DE89370400440532013001", isValid: false }]);
});

test("letters that look like digits are put right where the country has digits only", () => {
  expect(readIbans("DE89 37O4 0044 0532 0l30 00")).toMatchObject([
    { iban: "DE89370400440532013000", isValid: true, isRepaired: true },
  ]);
});

test("words and numbers around are no IBANs", () => {
  expect(readIbans("DE123456789 AT 12 IE12 reference")).toEqual([]);
});

test("of all single wrong digits none passes", () => {
  const samples = [german, british, italian].flatMap((profile) =>
    [1, 2, 3].map((seed) => makeInvoice(profile, seed).iban!),
  );
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.nat(), fc.integer({ min: 1, max: 9 }), (iban, place, step) => {
      const digits = Array.from(iban, (character, at) => ({ character, at })).filter(
        ({ character, at }) => at > 1 && /\d/.test(character),
      );
      const { at, character } = digits[place % digits.length]!;
      const wrong = iban.slice(0, at) + String((Number(character) + step) % 10) + iban.slice(at + 1);
      expect(hasValidChecksum(iban)).toBe(true);
      expect(hasValidChecksum(wrong)).toBe(false);
    }),
  );
});
