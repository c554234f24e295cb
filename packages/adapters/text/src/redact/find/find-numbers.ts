import type { Atom } from "./atoms.ts";
import { type DigitGroup, type DigitRun, spokenDigit } from "./digit-groups.ts";
import type { Finding } from "./finding.ts";

/** ISO/IEC 7812: digits of a card number. */
const CARD_DIGITS = { least: 13, most: 19 };
/** ITU-T E.164: most digits of a telephone number; and the fewest that are taken for one. */
const PHONE_DIGITS = { international: 7, national: 9, local: 7, most: 15 };
/** ISO 13616. */
const IBAN_CHARACTERS = { least: 15, most: 34 };

/** Payment cards: 13 to 19 digits with the right check digit (Luhn), in whatever groups. */
export function findCards(runs: readonly DigitRun[]): readonly Finding[] {
  return runs.flatMap((run) => {
    const findings: Finding[] = [];
    for (let first = 0; first < run.length; first++) {
      const last = lastOfCard(run, first);
      if (last === undefined) continue;
      findings.push({ kind: "card", start: run[first]?.start ?? 0, end: run[last]?.end ?? 0 });
      first = last;
    }
    return findings;
  });
}

function lastOfCard(run: DigitRun, first: number): number | undefined {
  let digits = "";
  for (let last = first; last < run.length; last++) {
    digits += run[last]?.digits ?? "";
    if (digits.length > CARD_DIGITS.most) return undefined;
    if (digits.length >= CARD_DIGITS.least && passesLuhn(digits)) return last;
  }
  return undefined;
}

/** ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    sum += place % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}

/** Bank accounts: letters and digits whose remainder by 97 is 1 (ISO 7064), in whatever groups, written or spelt. */
export function findIbans(text: string, atoms: readonly Atom[]): readonly Finding[] {
  return atoms.flatMap((atom, first): Finding[] => {
    let compact = "";
    let end: number | undefined;
    for (let index = first; index < atoms.length; index++) {
      const next = atoms[index];
      const gap = index === first ? "" : text.slice(atoms[index - 1]?.end, next?.start);
      if (next === undefined || !/^[\s.,-]{0,2}$/.test(gap)) break;
      compact += (spokenDigit(next.text) ?? next.text).toUpperCase();
      if (
        compact.length > IBAN_CHARACTERS.most ||
        !/^[A-Z]{1,2}$|^[A-Z]{2}\d{1,2}$|^[A-Z]{2}\d{2}[A-Z\d]+$/.test(compact)
      )
        break;
      if (compact.length >= IBAN_CHARACTERS.least && remainder97(compact) === 1) end = next.end;
    }
    return end === undefined ? [] : [{ kind: "iban", start: atom.start, end }];
  });
}

function remainder97(iban: string): number {
  let remainder = 0;
  for (const character of `${iban.slice(4)}${iban.slice(0, 4)}`) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

/**
 * Telephone numbers, by their look alone: 7 to 15 digits behind a "+"; 9 to 15 otherwise, unless commas or points group
 * them as amounts are grouped; 7 as "555-0143", or said digit by digit.
 */
export function findPhones(text: string, runs: readonly DigitRun[]): readonly Finding[] {
  return runs.flatMap((run): Finding[] => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined || !isPhone(text, run, first)) return [];
    const opening = /[+(]{1,2}$/.exec(text.slice(Math.max(0, first.start - 2), first.start))?.[0].length ?? 0;
    return [{ kind: "phone", start: first.start - opening, end: last.end }];
  });
}

function isPhone(text: string, run: DigitRun, first: DigitGroup): boolean {
  const count = run.reduce((sum, { digits }) => sum + digits.length, 0);
  if (count > PHONE_DIGITS.most) return false;
  if (text[first.start - 1] === "+") return count >= PHONE_DIGITS.international;
  const gaps = run.slice(1).map(({ start }, index) => text.slice(run[index]?.end, start));
  if (run.every(({ isSpoken }) => isSpoken)) return count >= PHONE_DIGITS.local;
  if (gaps.some((gap) => gap.includes(","))) return false;
  const isAmount =
    gaps.length > 0 &&
    gaps.every((gap) => gap === ".") &&
    (gaps.length === 1 || run.slice(1).every(({ digits }) => digits.length === 3));
  if (isAmount) return false;
  const isLocal = run.length === 2 && first.digits.length === 3 && run[1]?.digits.length === 4 && gaps[0] === "-";
  return count >= PHONE_DIGITS.national || isLocal;
}
