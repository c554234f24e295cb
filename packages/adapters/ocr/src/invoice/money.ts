import { type AmountReading, readAmount } from "./amounts.ts";
import { joinWords, type PlacedWord } from "./placed-words.ts";

/** A number among the words of a row. */
export interface FoundNumber {
  readonly reading: AmountReading;
  /** As printed, without currency. */
  readonly written: string;
  readonly words: readonly PlacedWord[];
  readonly isPercent: boolean;
  /** Looks like an amount of money: has two decimals, or a currency beside it. */
  readonly isMoney: boolean;
}

/** Signs and codes printed beside amounts. Engines read the euro sign as other signs, not as digits. */
const currency =
  "(?:€|\\$|£|¥|₹|EUR|USD|GBP|CHF|SFr\\.?|Fr\\.|INR|Rs\\.?|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|R\\$|JPY|ZAR|US\\$|A\\$|C\\$)";
const digits =
  "\\d(?:[\\d.,'\u2019\u00B4`]*\\d)?(?:[ \u00A0\u202F]\\d{3}(?!\\d)(?:[ \u00A0\u202F]\\d{3}(?!\\d))*(?:[.,]\\d+)?)?(?: [.,]\\d{2}(?!\\d))?";
const pattern = new RegExp(
  `(?<![\\p{L}\\p{N}.,/§&#*?!=+<>|~°^'\u2019-])(${currency}\\s?)?([-\u2212\u2013(]?\\s?${digits}(?:[.,][-\u2013\u2014]{1,2})?\\s?[-\u2212)]?)(\\s?%)?(\\s?${currency})?(?![\\p{L}\\p{N}]|[./-]\\d)`,
  "gu",
);

/** Numbers in a row of words, left to right. Parts of words ("A4", "RE-2026") and dates are none. */
export function findNumbers(words: readonly PlacedWord[]): readonly FoundNumber[] {
  const joined = joinWords(words);
  return [...joined.text.matchAll(pattern)].flatMap((match) => {
    const [whole, before, number = "", percent, after] = match;
    // "150,-" is a Central European way to write ",00".
    const written = number.trim().replace(/([.,])[-\u2013\u2014]{1,2}$/, "$100");
    const reading = readAmount(written);
    if (reading === undefined) return [];
    const isMoney =
      percent === undefined && (before !== undefined || after !== undefined || /[.,]\d{2}\D*$/.test(written));
    return [
      {
        reading,
        written,
        words: joined.between(match.index, match.index + whole.length),
        isPercent: percent !== undefined,
        isMoney,
      },
    ];
  });
}
