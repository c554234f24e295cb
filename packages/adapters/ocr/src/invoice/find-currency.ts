import { groupBy } from "./group-by.ts";
import type { InvoiceFinding } from "@stargate/kernel";
import { type FoundField, foundField } from "./found-field.ts";
import { joinWords, type PlacedWord, type Row } from "./placed-words.ts";

/** Codes and signs by the ISO 4217 currency they stand for. "$", "kr" and "¥" are used for several and mean the first. */
const written: readonly { readonly code: string; readonly pattern: RegExp; readonly isShared?: boolean }[] = [
  ...[
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "INR",
    "CAD",
    "AUD",
    "NZD",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "BRL",
    "JPY",
    "CNY",
    "ZAR",
    "MXN",
    "TRY",
    "RON",
    "SGD",
    "HKD",
  ].map((code) => ({
    code,
    pattern: new RegExp(`(?<![\\p{L}])${code}(?![\\p{L}])`, "gu"),
  })),
  { code: "EUR", pattern: /€|(?<!\p{L})Euro(?!\p{L})/giu },
  { code: "GBP", pattern: /£/g },
  { code: "CHF", pattern: /(?<!\p{L})(?:SFr|Fr)\.(?=\s?\d)/gu },
  { code: "INR", pattern: /₹|(?<!\p{L})Rs\.?(?=\s?\d)/gu },
  { code: "BRL", pattern: /R\$/g },
  { code: "CAD", pattern: /(?:CA|C)\$/g },
  { code: "AUD", pattern: /(?:AU|A)\$/g },
  { code: "USD", pattern: /US\$/g },
  { code: "USD", pattern: /(?<![A-Z])\$/g, isShared: true },
];

/** Currency of the amounts: the one written most often. Two in one document are told as a contradiction. */
export function findCurrency(rows: readonly Row[]): {
  readonly currency?: FoundField;
  readonly findings: readonly InvoiceFinding[];
} {
  const uses = rows.flatMap((row) => {
    const { text, between } = joinWords(row.words);
    return written.flatMap(({ code, pattern, isShared = false }) =>
      [...text.matchAll(pattern)].map((match) => ({
        code,
        isShared,
        words: between(match.index, match.index + match[0].length),
      })),
    );
  });
  const explicit = uses.filter((use) => !use.isShared);
  // Beside "CAD", a bare "$" is a Canadian dollar.
  const counted = explicit.some((use) => ["CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "USD"].includes(use.code))
    ? explicit
    : uses;
  const byCode = [...groupBy(counted, (use) => use.code).entries()].sort((a, b) => b[1].length - a[1].length);
  const [first, second] = byCode;
  if (first === undefined) return { findings: [] };
  const [code, places] = first;
  const share = places.length / counted.length;
  const currency = foundField(
    code,
    bestWords(places.map((place) => place.words)),
    places[0]?.isShared === true ? 0.8 * share : share,
  );
  if (second === undefined) return { currency, findings: [] };
  return {
    currency,
    findings: [
      {
        kind: "contradiction",
        field: "currency",
        message: `Amounts are marked ${byCode.map(([name, marks]) => `${name} (${marks.length})`).join(" and ")}`,
        candidates: byCode.map(([name]) => name),
      },
    ],
  };
}

function bestWords(places: readonly (readonly PlacedWord[])[]): readonly PlacedWord[] {
  const confidence = (words: readonly PlacedWord[]): number => Math.min(...words.map((word) => word.confidence));
  return places.reduce((best, words) => (confidence(words) > confidence(best) ? words : best), places[0] ?? []);
}
