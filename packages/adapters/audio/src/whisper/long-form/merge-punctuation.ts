import type { AlignedWord } from "../program/window-result.ts";

/** Marks that belong to the word behind them, and to the one before. */
const PREPENDED = "\"'“¿([{-";
const APPENDED = "\"'.。,，!！?？:：”)]}、";

/**
 * Joins punctuation with its word (openai/whisper `timing.py`, `merge_punctuations`). A word that was joined leaves an
 * empty one without tokens behind; times stay those of the word that is not.
 */
export function mergePunctuation(words: readonly AlignedWord[]): readonly AlignedWord[] {
  const merged = [...words];
  const join = (target: number, first: AlignedWord, second: AlignedWord, emptied: number): void => {
    const kept = merged[target];
    const left = merged[emptied];
    if (kept === undefined || left === undefined) return;
    merged[target] = { ...kept, word: first.word + second.word, tokens: [...first.tokens, ...second.tokens] };
    merged[emptied] = { ...left, word: "", tokens: [] };
  };
  for (let index = merged.length - 2, behind = merged.length - 1; index >= 0; index--) {
    const [mark, word] = [merged[index], merged[behind]];
    if (mark === undefined || word === undefined) break;
    if (mark.word.startsWith(" ") && PREPENDED.includes(mark.word.trim())) join(behind, mark, word, index);
    else behind = index;
  }
  for (let index = 1, before = 0; index < merged.length; index++) {
    const [word, mark] = [merged[before], merged[index]];
    if (word === undefined || mark === undefined) break;
    if (!word.word.endsWith(" ") && APPENDED.includes(mark.word)) join(before, word, mark, index);
    else before = index;
  }
  return merged;
}
