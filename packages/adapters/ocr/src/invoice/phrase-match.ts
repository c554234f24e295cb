import { groupBy } from "./group-by.ts";
import { foldText } from "./fold-text.ts";
import type { PlacedWord } from "./placed-words.ts";

/** Phrases by what they mean. Order does not matter: the longest match wins. */
export type PhraseTable<Meaning extends string> = Readonly<Record<Meaning, readonly string[]>>;

export interface PhraseHit<Meaning extends string> {
  readonly meaning: Meaning;
  /** Words matched: indices from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  /** 1 for an exact match, less when characters differ. */
  readonly closeness: number;
}

export interface PhraseMatcher<Meaning extends string> {
  /** Phrases among words of a row, left to right, without overlap. */
  find(words: readonly PlacedWord[]): readonly PhraseHit<Meaning>[];
}

/** Words of the longest phrases. */
const MAX_WORDS = 5;
/** A phrase does not bridge a gap wider than this many word heights. */
const MAX_GAP = 1.6;

/** Compares without accents, case, spaces and punctuation; long phrases may have a misread character or two. */
export function createPhraseMatcher<Meaning extends string>(table: PhraseTable<Meaning>): PhraseMatcher<Meaning> {
  const meanings = Object.keys(table) as Meaning[]; // keys of the table by its type
  const exact = new Map(
    meanings.flatMap((meaning) => table[meaning].map((phrase) => [phraseKey(phrase), meaning] as const)),
  );
  const byLength = groupBy(exact.keys(), (key) => key.length);
  const known = new Map<string, { meaning: Meaning; closeness: number } | undefined>();

  const lookUp = (key: string): { meaning: Meaning; closeness: number } | undefined => {
    const meaning = exact.get(key);
    if (meaning !== undefined) return { meaning, closeness: 1 };
    const allowed = key.length >= 12 ? 2 : key.length >= 5 ? 1 : 0;
    for (let errors = 1; errors <= allowed; errors++) {
      for (let length = key.length - errors; length <= key.length + errors; length++) {
        const close = byLength
          .get(length)
          ?.find((phrase) => phrase[0] === key[0] && editDistanceWithin(key, phrase, errors));
        const found = close === undefined ? undefined : exact.get(close);
        if (found !== undefined) return { meaning: found, closeness: 1 - errors / key.length };
      }
    }
    return undefined;
  };
  const remembered = (key: string): ReturnType<typeof lookUp> => {
    if (!known.has(key)) known.set(key, lookUp(key));
    return known.get(key);
  };

  return {
    find(words) {
      const keys = words.map((word) => phraseKey(word.text));
      const hits: PhraseHit<Meaning>[] = [];
      for (let start = 0; start < words.length; start++) {
        if (!isPhraseWord(keys[start])) continue;
        for (let end = Math.min(words.length, start + MAX_WORDS); end > start; end--) {
          if (hasGap(words, start, end) || !isPhraseWord(keys[end - 1])) continue;
          const found = remembered(keys.slice(start, end).join(""));
          if (found === undefined) continue;
          hits.push({ ...found, start, end });
          start = end - 1;
          break;
        }
      }
      return hits;
    },
  };
}

function hasGap(words: readonly PlacedWord[], start: number, end: number): boolean {
  return words.slice(start + 1, end).some((word, at) => {
    const before = words[start + at];
    return before !== undefined && word.box[0] - before.box[2] > MAX_GAP * (word.box[3] - word.box[1]);
  });
}

/** Digits are values, never part of a label. */
function isPhraseWord(key: string | undefined): boolean {
  return key !== undefined && key !== "" && !/\d/.test(key);
}

function phraseKey(text: string): string {
  return foldText(text).replace(/[^a-z0-9#%]/g, "");
}

/** Whether two strings differ by at most `limit` insertions, deletions and replacements. */
export function editDistanceWithin(a: string, b: string, limit: number): boolean {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > limit) return false;
    row = next;
  }
  return (row[b.length] ?? 0) <= limit;
}
