const SYMBOLS = [
  ...Array.from('"#()*+/:;<=>@[\\]^_`{|}~「」『』'),
  ..."<< >> <<< >>> -- --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪".split(" "),
];
/** U+2640 to U+267F: all that begins like one of them may be left out. */
const MUSIC = Array.from("♩♪♫♬♭♮♯");
/** Allowed within words, not before one. */
const BEFORE_WORDS = [" -", " '"];

/**
 * Pieces that describe sounds instead of speech ("[Music]", "♪"), which no transcript should begin to say (openai/whisper
 * `tokenizer.py`, `non_speech_tokens`): symbols that are one piece, with or without a space before them.
 */
export function nonSpeechTokens(encode: (text: string) => readonly number[]): readonly number[] {
  const found = new Set<number>();
  const add = (token: number | undefined): void => void (token !== undefined && found.add(token));
  for (const text of BEFORE_WORDS) add(encode(text)[0]);
  for (const symbol of [...SYMBOLS, ...MUSIC])
    for (const tokens of [encode(symbol), encode(` ${symbol}`)])
      if (tokens.length === 1 || MUSIC.includes(symbol)) add(tokens[0]);
  return [...found].toSorted((a, b) => a - b);
}
