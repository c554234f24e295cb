import { byteLetters } from "./byte-letters.ts";
import { END_MARK, START_MARK } from "./clip-vocabulary.ts";

const merges = [
  "c a",
  "ca t</w>",
  "a t</w>",
  "p h",
  "ph o",
  "pho t",
  "phot o</w>",
  "l o",
  "lo w",
  "e r</w>",
  "low er</w>",
];

/** A whole `tokenizer.json` of a few merges: all bytes, all bytes at a word's end, the merges, the two marks. */
export function tinyTokenizerFile(overrides: { readonly merges?: unknown; readonly type?: string } = {}): string {
  const pieces = [
    ...byteLetters,
    ...byteLetters.map((letter) => `${letter}</w>`),
    ...merges.map((merge) => merge.replace(" ", "")),
    START_MARK,
    END_MARK,
  ];
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
  return JSON.stringify({ model: { type: "BPE", end_of_word_suffix: "</w>", vocab, merges, ...overrides } });
}
