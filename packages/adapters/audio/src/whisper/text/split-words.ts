import { unspacedLanguages } from "./languages.ts";

/** A word as it stands in the text, with the space before it, and its pieces. */
export interface TokenWord {
  readonly word: string;
  readonly tokens: readonly number[];
}

const REPLACEMENT = "\uFFFD";
/** Python's `string.punctuation`: a run of neighbours in it counts as punctuation, and so does nothing at all. */
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/**
 * Parts pieces of text into words: at spaces and punctuation, in languages without spaces at each character
 * (openai/whisper `tokenizer.py`, `split_to_word_tokens`).
 */
export function splitWords(
  tokens: readonly number[],
  language: string,
  decode: (tokens: readonly number[]) => string,
): readonly TokenWord[] {
  const characters = splitCharacters(tokens, decode);
  if (unspacedLanguages.has(language)) return characters;
  const words: TokenWord[] = [];
  for (const part of characters) {
    const last = words.at(-1);
    const startsWord = part.word.startsWith(" ") || PUNCTUATION.includes(part.word.trim());
    if (last === undefined || startsWord) words.push(part);
    else words[words.length - 1] = { word: last.word + part.word, tokens: [...last.tokens, ...part.tokens] };
  }
  return words;
}

/** The shortest runs of pieces that are whole characters. */
function splitCharacters(
  tokens: readonly number[],
  decode: (tokens: readonly number[]) => string,
): readonly TokenWord[] {
  const whole = Array.from(decode(tokens));
  const found: TokenWord[] = [];
  let current: number[] = [];
  let read = 0;
  for (const [index, token] of tokens.entries()) {
    current.push(token);
    const word = Array.from(decode(current));
    const broken = word.indexOf(REPLACEMENT);
    // A replacement that the whole text has in the same place is no character cut in two.
    const isWhole = broken < 0 || whole[read + broken] === REPLACEMENT;
    if (!isWhole && index < tokens.length - 1) continue;
    found.push({ word: word.join(""), tokens: current });
    current = [];
    read += word.length;
  }
  return found;
}
