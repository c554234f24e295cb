import type { InvoiceFinding } from "@stargate/kernel";
import { type FoundField, foundField } from "./found-field.ts";
import { readIbans } from "./iban.ts";
import { joinWords, type Row } from "./placed-words.ts";

/** The first IBAN whose checksum holds. One that fails it is reported and left out. */
export function findIban(rows: readonly Row[]): {
  readonly iban?: FoundField;
  readonly findings: readonly InvoiceFinding[];
} {
  const found = rows.flatMap((row) => {
    const { text, between } = joinWords(row.words);
    return readIbans(text).map((reading) => ({ reading, words: between(reading.start, reading.end) }));
  });
  const valid = found.find(({ reading }) => reading.isValid);
  // A checksum over all characters leaves one wrong reading in 97 undetected.
  if (valid !== undefined)
    return {
      iban: foundField(
        valid.reading.iban,
        valid.words.map((word) => ({ ...word, confidence: Math.max(word.confidence, 0.99) })),
        valid.reading.isRepaired ? 0.9 : 1,
      ),
      findings: [],
    };
  return {
    findings: found.slice(0, 1).map(({ reading }) => ({
      kind: "invalid-checksum",
      field: "iban",
      message: `The checksum of IBAN ${reading.iban} does not hold`,
      candidates: [reading.iban],
    })),
  };
}
