import type { Vocabulary } from "./vocabulary.ts";
import { MAX_WORD_CHARACTERS, wordsOf } from "./words.ts";

/** The tokens of one word. */
export interface WordTokens {
  readonly ids: readonly number[];
  /** Offset in the text behind the word, in UTF-16 code units. */
  readonly end: number;
}

/**
 * Tokens of a text word by word, without the tokens that begin and end what a model reads. The same ids as
 * `BertTokenizerFast` (lower case, accents stripped) gives for the same vocabulary.
 */
export function* tokensOf(text: string, vocabulary: Vocabulary): Generator<WordTokens, void> {
  for (const word of wordsOf(text, vocabulary.specials)) {
    const ids = word.isSpecial
      ? [vocabulary.ids.get(word.text) ?? vocabulary.unknownId]
      : wordPieces(word.text, vocabulary);
    yield { ids, end: word.end };
  }
}

/**
 * Takes the longest piece the vocabulary has from the front of a word, again and again; a word with a part that is not
 * in the vocabulary is unknown as a whole. Wu et al., Google's Neural Machine Translation System (arXiv:1609.08144).
 */
export function wordPieces(word: string, { ids, unknownId }: Vocabulary): number[] {
  const known = ids.get(word);
  if (known !== undefined && word.length <= MAX_WORD_CHARACTERS) return [known];
  const characters = Array.from(word);
  if (characters.length > MAX_WORD_CHARACTERS) return [unknownId];
  const pieces: number[] = [];
  for (let start = 0; start < characters.length;) {
    const prefix = start === 0 ? "" : "##";
    let end = characters.length;
    let id: number | undefined;
    while (end > start && id === undefined) {
      id = ids.get(prefix + characters.slice(start, end).join(""));
      if (id === undefined) end -= 1;
    }
    if (id === undefined) return [unknownId];
    pieces.push(id);
    start = end;
  }
  return pieces;
}
