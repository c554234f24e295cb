import { decimalMarkOf, type DecimalMark } from "./amounts.ts";
import { type DateOrder, readDates } from "./dates.ts";
import { foldText } from "./fold-text.ts";
import { readIbans } from "./iban.ts";
import { findNumbers } from "./money.ts";
import { joinWords, type PlacedWord, type Row } from "./placed-words.ts";

/** What the whole document says about how its numbers and dates are written. */
export interface DocumentFacts {
  readonly decimalMark: DecimalMark | undefined;
  /** Undefined when nothing in the document settles it, or two things contradict one another. */
  readonly dateOrder: { readonly order: DateOrder; readonly words: readonly PlacedWord[] } | undefined;
}

/** Countries that write 12/31/2026. The Philippines and Canada write either way. */
const monthFirstCountries = new Set(["US"]);
const eitherWayCountries = new Set(["CA", "PH", "ZA"]);

/** Things in a text that name a country, or a language that is not English (all of which put the day first). */
const evidences: readonly { readonly pattern: RegExp; readonly order: DateOrder }[] = [
  { pattern: /\b(?:USD|US\$)|\bsales tax\b|\bEIN\b|\bSocial Security\b|\bABA routing\b/i, order: "month-first" },
  // "Springfield, IL 62704"
  {
    pattern:
      /\b(?:A[KLRZ]|C[AOT]|DC|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\s+\d{5}(?:-\d{4})?\b/,
    order: "month-first",
  },
  { pattern: /\+1[\s(.-]\(?\d{3}/, order: "month-first" },
  { pattern: /\b(?:GBP|CHF|INR|SEK|NOK|DKK|PLN|CZK|AUD|NZD|BRL)\b|£|₹|\bGSTIN\b|\bIFSC\b|\bABN\b/, order: "day-first" },
  { pattern: /\+(?!1[\s(.-])\d{2}[\s(.-]?\d/, order: "day-first" },
  {
    pattern:
      /\b(?:rechnung|rechnungsdatum|mwst|facture|tva|factura|importe|fattura|imponibile|factuur|btw|fatura|vencimento)\b/i,
    order: "day-first",
  },
];

/** Collects the facts of a document. */
export function readDocumentFacts(rows: readonly Row[]): DocumentFacts {
  const readings = rows
    .flatMap((row) => findNumbers(row.words))
    .filter((number) => number.isMoney || number.reading.candidates.length === 1);
  return { decimalMark: decimalMarkOf(readings.map((number) => number.reading)), dateOrder: settleDateOrder(rows) };
}

function settleDateOrder(rows: readonly Row[]): DocumentFacts["dateOrder"] {
  const proofs = rows.flatMap((row) => {
    const { text, between } = joinWords(row.words);
    return readDates(text).flatMap((date) =>
      date.order === undefined ? [] : [{ order: date.order, words: between(date.start, date.end) }],
    );
  });
  // Dates written in the same document outweigh everything else.
  return proofs.length > 0 ? unanimous(proofs) : unanimous(rows.flatMap(countryEvidence));
}

function countryEvidence(row: Row): readonly { readonly order: DateOrder; readonly words: readonly PlacedWord[] }[] {
  const { text, between } = joinWords(row.words);
  const ibans = readIbans(text).flatMap((reading) => {
    const country = reading.iban.slice(0, 2);
    return !reading.isValid || monthFirstCountries.has(country) || eitherWayCountries.has(country)
      ? []
      : [{ order: "day-first" as const, words: between(reading.start, reading.end) }];
  });
  const others = evidences.flatMap(({ pattern, order }) => {
    const match = pattern.exec(text) ?? pattern.exec(foldText(text));
    return match === null ? [] : [{ order, words: between(match.index, match.index + match[0].length) }];
  });
  return [...ibans, ...others];
}

function unanimous(
  found: readonly { readonly order: DateOrder; readonly words: readonly PlacedWord[] }[],
): DocumentFacts["dateOrder"] {
  const [first] = found;
  return first !== undefined && found.every((entry) => entry.order === first.order) ? first : undefined;
}
