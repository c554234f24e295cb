import { foldCharacters, isIdeograph, isPunctuation, SPACE } from "./bert-characters.ts";

/** What WordPiece takes apart. */
export interface Word {
  readonly text: string;
  /** Offset behind its last character, in UTF-16 code units from the beginning of the text. */
  readonly end: number;
  /** "[SEP]" and the like, written out in the text: a token as it is. */
  readonly isSpecial: boolean;
}

/** A longer word is unknown whatever it is, as in the reference; counted in code points. */
export const MAX_WORD_CHARACTERS = 100;

/** ASCII letters and digits in bulk, marks together (their order matters), everything else one by one. */
const part = String.raw`([${SPACE}]+)|([A-Za-z0-9]+)|(\p{M}+)|(.)`;

/**
 * Splits a text into words: white space ends a word, punctuation and ideographs stand alone, letters lose case and
 * accents. Lazy, so that a long text is read only as far as its words are taken.
 */
export function* wordsOf(text: string, specials: readonly string[]): Generator<Word, void> {
  const names = specials.map((name) => name.replaceAll(/[[\]]/g, String.raw`\$&`)).join("|");
  let word = "";
  let wordEnd = 0;
  for (const match of text.matchAll(new RegExp(`(${names})|${part}`, "gsu"))) {
    const [whole, special, space, ascii, marks, other = ""] = match;
    const end = match.index + whole.length;
    const letters = ascii?.toLowerCase() ?? foldCharacters(marks ?? other);
    const isBreak = special !== undefined || space !== undefined;
    // Letters may come apart into punctuation: U+2260 is an equals sign and a stroke.
    const isAlone = other !== "" && (isIdeograph(other) || isPunctuation(letters));
    if (!isBreak && !isAlone) {
      // No text makes a word larger than what is certainly unknown.
      if (word.length <= 2 * MAX_WORD_CHARACTERS) word += letters;
      wordEnd = end;
      continue;
    }
    if (word !== "") yield { text: word, end: wordEnd, isSpecial: false };
    word = "";
    if (space === undefined) yield { text: special ?? letters, end, isSpecial: special !== undefined };
  }
  if (word !== "") yield { text: word, end: wordEnd, isSpecial: false };
}
