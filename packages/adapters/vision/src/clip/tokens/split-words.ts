import { END_MARK, START_MARK } from "./clip-vocabulary.ts";

/** A word of a text, or a mark that has an id of its own. */
export interface Word {
  readonly text: string;
  /** Set for a mark: which id it has. */
  readonly markId?: "startId" | "endId" | undefined;
  /** End of the word in the text, in UTF-16 code units; exact where normalising keeps lengths. */
  readonly endCharacters: number;
}

/** The end mark is a mark only as it is spelt, before anything is normalised; the start mark after that, too. */
const endMark = capturing(END_MARK);
const startMark = capturing(START_MARK);

/** Contractions, letters, single digits, and what is neither letter, digit nor space (openai/CLIP `simple_tokenizer.py`). */
const words = new RegExp(
  `${endMark.source}|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\p{White_Space}\\p{L}\\p{N}]+`,
  "gu",
);

/**
 * Words of a text, normalised and split as the tokenizers library does it for CLIP: NFC, then lower case letter by
 * letter. Lazy; and a stretch without white space is parted after `maxStretch` code units, so that nobody can make it
 * work for more than the few words a model reads.
 */
export function* splitWords(text: string, maxStretch: number): Generator<Word> {
  for (const [from, to] of stretches(text, maxStretch)) {
    let at = from;
    for (const part of text.slice(from, to).toWellFormed().split(endMark)) {
      if (part === END_MARK) yield { text: part, markId: "endId", endCharacters: at + part.length };
      else yield* wordsOf(part, at);
      at += part.length;
    }
  }
}

/** Begin and end of what stands between white space. A loop: a regular expression overflows the stack on long ones. */
function* stretches(text: string, maxStretch: number): Generator<readonly [number, number]> {
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const isSpace = at === text.length || isWhiteSpace(text.charCodeAt(at));
    if (!isSpace && at - from < maxStretch) continue;
    if (at > from) yield [from, at];
    from = isSpace ? at + 1 : at;
  }
}

/** Unicode's property White_Space, all of it in one code unit (PropList.txt). */
function isWhiteSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (code >= 0x2000 && code <= 0x200a) || wideSpaces.has(code);
}

const wideSpaces: ReadonlySet<number> = new Set([0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);

function* wordsOf(part: string, at: number): Generator<Word> {
  const normal = lowerCase(part.normalize("NFC"));
  const place = (index: number): number => {
    return at + (normal.length === part.length ? index : Math.floor((index / normal.length) * part.length));
  };
  let from = 0;
  for (const piece of normal.split(startMark)) {
    if (piece === START_MARK) yield { text: piece, markId: "startId", endCharacters: place(from + piece.length) };
    else {
      for (const { 0: text, index } of piece.matchAll(words)) {
        const endCharacters = place(from + index + text.length);
        // Spelt with capitals, the end mark is no mark but three words.
        if (text === END_MARK) yield* text.split(/(\p{L}+)/u).map((word) => ({ text: word, endCharacters }));
        else yield { text, endCharacters };
      }
    }
    from += piece.length;
  }
}

/** Letter by letter: `toLowerCase` of a whole text looks at neighbours (the Greek final sigma), the reference does not. */
function lowerCase(text: string): string {
  let lower = "";
  for (const character of text) lower += character.toLowerCase();
  return lower;
}

/** Splitting at it keeps the mark among the parts. */
function capturing(mark: string): RegExp {
  return new RegExp(`(${mark.replaceAll("|", "\\|")})`);
}
