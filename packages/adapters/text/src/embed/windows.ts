import type { WordTokens } from "../tokenizer/word-piece.ts";

/** What the model reads at once, without the tokens that frame it. */
export interface TokenWindow {
  readonly ids: readonly number[];
  /** Offset in the text behind the last word that is wholly read up to here, in UTF-16 code units. */
  readonly end: number;
}

export interface WindowOptions {
  readonly maxTokens: number;
  /** A word that does not fit begins the next window, unless it is longer than a window. */
  readonly keepWords: boolean;
}

/** Tokens of a text in windows; one empty window for a text without tokens. Lazy, as the tokens are. */
export function* windowsOf(
  words: Iterable<WordTokens>,
  { maxTokens, keepWords }: WindowOptions,
): Generator<TokenWindow, void> {
  let ids: number[] = [];
  let end = 0;
  let isEmpty = true;
  for (const word of words) {
    isEmpty = false;
    if (keepWords && ids.length > 0 && ids.length + word.ids.length > maxTokens) {
      yield { ids, end };
      ids = [];
    }
    for (const id of word.ids) {
      if (ids.length === maxTokens) {
        yield { ids, end };
        ids = [];
      }
      ids.push(id);
    }
    end = word.end;
  }
  if (isEmpty || ids.length > 0) yield { ids, end };
}

/** Up to `count` windows at a time. */
export function* inGroups<T>(items: Iterable<T>, count: number): Generator<readonly T[], void> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < count) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
