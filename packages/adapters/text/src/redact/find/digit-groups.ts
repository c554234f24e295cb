import type { Atom } from "./atoms.ts";

/** Digits in a row, written or said: one atom, or two ("double five"). */
export interface DigitGroup {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
  readonly isSpoken: boolean;
}

/** Digit groups that follow each other with nothing but separators between them. */
export type DigitRun = readonly DigitGroup[];

const spokenDigits: ReadonlyMap<string, string> = new Map(
  ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].map((word, digit) => [
    word,
    `${digit}`,
  ]),
);
const repeats: ReadonlyMap<string, number> = new Map([
  ["double", 2],
  ["triple", 3],
]);

/** The digit that a word is, or its letters and digits; English. "oh" is zero, as people say it in numbers. */
export function spokenDigit(word: string): string | undefined {
  const lower = word.toLowerCase();
  return lower === "oh" || lower === "o" ? "0" : spokenDigits.get(lower);
}

/** All runs of digits. Dates and times of day end a run: they are no part of a number. */
export function digitRuns(text: string, atoms: readonly Atom[]): readonly DigitRun[] {
  const dates = Array.from(
    text.matchAll(
      /(?<!\d)(?:(?:19|20)\d\d-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d|\d{1,2}:\d\d(?::\d\d)?)(?!\d)/g,
    ),
    ({ 0: date, index }) => ({ start: index, end: index + date.length }),
  );
  let nextDate = 0;
  const isDate = ({ start }: Atom): boolean => {
    while ((dates[nextDate]?.end ?? Infinity) <= start) nextDate++;
    return (dates[nextDate]?.start ?? Infinity) <= start;
  };
  const runs: DigitGroup[][] = [];
  let open: DigitGroup[] = [];
  for (let index = 0; index < atoms.length; index++) {
    const atom = atoms[index];
    if (atom === undefined) break;
    const group = isDate(atom) ? undefined : groupAt(atoms, index);
    const last = open.at(-1);
    if (last !== undefined && (group === undefined || !/^[\s().,/–-]{0,3}$/.test(text.slice(last.end, group.start)))) {
      runs.push(open);
      open = [];
    }
    if (group === undefined) continue;
    open.push(group);
    if (group.end > atom.end) index++;
  }
  return open.length === 0 ? runs : [...runs, open];
}

function groupAt(atoms: readonly Atom[], index: number): DigitGroup | undefined {
  const atom = atoms[index];
  if (atom === undefined) return undefined;
  const { text, start, end } = atom;
  if (/^\d+$/.test(text)) return { digits: text, start, end, isSpoken: text.length === 1 };
  const times = repeats.get(text.toLowerCase());
  const next = atoms[index + 1];
  if (times !== undefined && next !== undefined) {
    const digit = /^\d$/.test(next.text) ? next.text : spokenDigit(next.text);
    return digit === undefined ? undefined : { digits: digit.repeat(times), start, end: next.end, isSpoken: true };
  }
  const digit = spokenDigit(text);
  return digit === undefined ? undefined : { digits: digit, start, end, isSpoken: true };
}
