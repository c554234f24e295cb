/**
 * How BERT's uncased tokenizer sees single characters. Source: `BertNormalizer` and `BertPreTokenizer` of
 * huggingface/tokenizers 0.23, compared with it code point by code point. Characters that entered Unicode after that
 * library's tables (version 8) are classed by the newer tables of Node.js.
 */

/** Ends a word: Unicode's White_Space without the controls that are removed (U+000B, U+000C, U+0085). */
export const SPACE = String.raw`\t\n\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}`;

/** Is left out, without ending a word: other controls, format characters, private use, U+FFFD, lone surrogates. */
const removed = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u{fffd}]/u;

/** Is left out once accents stand apart from their letters. */
const accent = /\p{Mn}/u;

/** Is a word of its own: Unicode punctuation, and all of ASCII that is neither letter, digit nor space. */
const punctuation = /[\p{P}!-/:-@[-`{-~]/u;

/** Blocks of ideographs, each of which is a word. U+2B820-2B91F is missing in the reference too. */
const ideographs: readonly (readonly [number, number])[] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0x2f800, 0x2fa1f],
];

/** Whether there is punctuation in it. */
export function isPunctuation(characters: string): boolean {
  return punctuation.test(characters);
}

export function isIdeograph(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x3400 && ideographs.some(([first, last]) => code >= first && code <= last);
}

/**
 * Lower case without accents, and without what is left out. Per code point: the reference knows no final sigma and no
 * other context. Takes one character, or a run of marks, which are put into canonical order together.
 */
export function foldCharacters(characters: string): string {
  let folded = "";
  for (const character of characters.normalize("NFD"))
    if (!accent.test(character) && !removed.test(character)) folded += character.toLowerCase();
  return folded;
}
