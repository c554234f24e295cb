import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseVocabulary } from "./vocabulary.ts";
import { tokensOf, wordPieces } from "./word-piece.ts";

const tokens = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "un",
  "##aff",
  "##able",
  "##a",
  "cafe",
  "a",
  "b",
  ",",
  "世",
  "=",
];
const vocabulary = parseVocabulary("tiny", tokens.join("\n"));
const read = (text: string): string[] =>
  [...tokensOf(text, vocabulary)].flatMap(({ ids }) => ids.map((id) => tokens[id] ?? "nothing"));

describe("tokensOf", () => {
  test.each([
    ["longest pieces first", "unaffable", ["un", "##aff", "##able"]],
    ["a word with an unknown part is unknown as a whole", "unaffed", ["[UNK]"]],
    ["case and accents are dropped, composed or not", "CAFÉ cafe\u0301", ["cafe", "cafe"]],
    ["punctuation stands alone", "a,b", ["a", ",", "b"]],
    ["ideographs stand alone", "a世b", ["a", "世", "b"]],
    ["what becomes punctuation without its stroke stands alone", "a≠b", ["a", "=", "b"]],
    ["any white space ends a word", "a\u00a0b\u2028a\tb", ["a", "b", "a", "b"]],
    ["controls, format characters and U+FFFD vanish", "c\u0000a\u200bf\ufffde\u000b", ["cafe"]],
    ["half of a surrogate pair vanishes", "a\ud83d b", ["a", "b"]],
    ["special tokens can be written out", "a[SEP]b [sep]", ["a", "[SEP]", "b", "[UNK]", "[UNK]", "[UNK]"]],
    ["nothing gives nothing", " \n ", []],
  ])("%s", (_name, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test("a word of more than 100 characters is unknown, one of 100 is not", () => {
    expect(read("un" + "a".repeat(98))).toHaveLength(99);
    expect(read("un" + "a".repeat(99))).toEqual(["[UNK]"]);
    expect(read("a".repeat(1_000_000))).toEqual(["[UNK]"]);
  });

  test("each word says where in the text it ends", () => {
    const text = "  unaffable, CAFE\u0301  世\n";
    expect([...tokensOf(text, vocabulary)].map(({ end }) => text.slice(0, end))).toEqual([
      "  unaffable",
      "  unaffable,",
      "  unaffable, CAFE\u0301",
      "  unaffable, CAFE\u0301  世",
    ]);
  });

  test("ends never go back and never pass the end, for any text", () => {
    const tricky = fc.constantFrom(..."aB é\u0301世,≠[SEP]\u200b\n😀\ud800".split(""));
    const any = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
    fc.assert(
      fc.property(fc.array(fc.oneof(tricky, any)), (parts) => {
        const text = parts.join("");
        const ends = [0, ...[...tokensOf(text, vocabulary)].map(({ end }) => end), text.length];
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      }),
    );
  });

  test("reads no further than its tokens are taken", () => {
    const words = tokensOf("a ".repeat(5_000_000), vocabulary);
    expect(words.next().value).toMatchObject({ end: 1 });
  });
});

test("wordPieces takes characters outside the basic plane for one", () => {
  expect(wordPieces("😀".repeat(100), parseVocabulary("m", `${tokens.join("\n")}\n😀\n##😀`))).toHaveLength(100);
});
