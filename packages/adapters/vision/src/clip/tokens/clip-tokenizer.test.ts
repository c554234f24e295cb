import { isStargateError } from "@stargate/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createClipTokenizer } from "./clip-tokenizer.ts";
import { parseClipVocabulary } from "./clip-vocabulary.ts";
import { rankOf } from "./merge-table.ts";
import { tinyTokenizerFile } from "./tiny-vocabulary.fixture.ts";

const vocabulary = parseClipVocabulary(tinyTokenizerFile());
const tokenizer = createClipTokenizer(vocabulary);
const { model } = JSON.parse(tinyTokenizerFile()) as { readonly model: { readonly vocab: Record<string, number> } };
const idOf = (piece: string): number => model.vocab[piece] ?? Number.NaN;
const spelling = new Map(Object.entries(model.vocab).map(([piece, id]) => [id, piece]));
const pieces = (text: string, maxTokens = 77): readonly (string | undefined)[] =>
  tokenizer
    .encode(text, maxTokens)
    .ids.slice(1, -1)
    .map((id) => spelling.get(id));

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom("cat ", "low", "er", " ", "'s", "1", "é", "Σ", "<|endoftext|>"),
    fc.string({ unit: "binary", maxLength: 4 }),
  ),
  maxLength: 60,
});

describe("the CLIP tokenizer", () => {
  test.each([
    ["merges by rank, and the end of a word is part of its last piece", "cat photo", ["cat</w>", "photo</w>"]],
    ["merges what it can and leaves the rest in bytes", "lower lows", ["lower</w>", "low", "s</w>"]],
    ["reads capitals as small letters", "CAT", ["cat</w>"]],
    ["reads accents composed and decomposed alike", "e\u0301", ["Ã", "©</w>"]],
    ["takes digits one by one", "12", ["1</w>", "2</w>"]],
    ["parts contractions and punctuation from words", "cat's!", ["cat</w>", "'", "s</w>", "!</w>"]],
    ["takes marks as marks", "cat<|endoftext|>", ["cat</w>", "<|endoftext|>"]],
    ["has nothing to say about nothing", " \n\t ", []],
  ])("%s", (_what, text, expected) => {
    expect(pieces(text)).toEqual(expected);
  });

  test("white space of any kind and amount counts for nothing", () => {
    const spaces = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((character) =>
      /\p{White_Space}/u.test(character),
    );
    expect(spaces.length).toBe(25);
    for (const space of spaces) expect(pieces(`cat${space}photo`)).toEqual(["cat</w>", "photo</w>"]);
    expect(tokenizer.encode("\u3000cat\u0085 \n photo", 77).ids).toEqual(tokenizer.encode("cat photo", 77).ids);
  });

  test("gives the first ids of a long text and keeps the end mark", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 20 }), (text, maxTokens) => {
        const all = tokenizer.encode(text, 10_000);
        const some = tokenizer.encode(text, maxTokens);
        expect(some.ids.length).toBe(Math.min(all.ids.length, maxTokens));
        expect(some.ids.slice(0, -1)).toEqual(all.ids.slice(0, some.ids.length - 1));
        expect([some.ids[0], some.ids.at(-1)]).toEqual([vocabulary.startId, vocabulary.endId]);
      }),
    );
  });

  test("says how much of a text its ids stand for: never too much, and all of it only when nothing was cut", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 20 }), (text, maxTokens) => {
        const { charactersRead, cut } = tokenizer.encode(text, maxTokens);
        expect(charactersRead).toBeGreaterThanOrEqual(0);
        expect(charactersRead).toBeLessThanOrEqual(text.length);
        expect(cut !== undefined || charactersRead === text.length).toBe(true);
      }),
    );
  });

  test.each([
    ["whole words", "cat cat cat", 4, 7, "context"],
    ["a part of a word", "lows cat", 3, 3, "context"],
    ["no half of a character", "é cat", 3, 0, "context"],
    ["nothing behind an end mark", "cat<|endoftext|> photo", 77, 16, "end-mark"],
    ["an end mark at the end, which hides nothing", "cat<|endoftext|>", 77, 16, undefined],
  ])("reads %s", (_what, text, maxTokens, charactersRead, cut) => {
    expect(tokenizer.encode(text, maxTokens)).toMatchObject({ charactersRead, ...(cut === undefined ? {} : { cut }) });
    expect(tokenizer.encode(text, maxTokens).cut).toBe(cut);
  });

  test("a text without end costs no more than what is read of it", () => {
    const { ids, charactersRead } = tokenizer.encode("\u4e00x".repeat(5_000_000), 77);
    expect([ids.length, charactersRead]).toEqual([77, 37]); // three bytes and a letter: four pieces per pair
  });
});

describe("the vocabulary", () => {
  test("is read with merges as pairs, too", () => {
    const pairs = parseClipVocabulary(
      tinyTokenizerFile({
        merges: [
          ["c", "a"],
          ["ca", "t</w>"],
        ],
      }),
    );
    expect(rankOf(pairs.merges, idOf("ca"), idOf("t</w>"))).toBe(1);
    expect(rankOf(pairs.merges, idOf("p"), idOf("h"))).toBe(Infinity);
  });

  test.each([
    ["no JSON", "{"],
    ["another kind of vocabulary", tinyTokenizerFile({ type: "WordPiece" })],
    ["merges that are none", tinyTokenizerFile({ merges: [1] })],
    ["merges of three", tinyTokenizerFile({ merges: ["c a t</w>"] })],
    ["merges of what it does not have", tinyTokenizerFile({ merges: ["q q"] })],
    ["ids that are none", tinyTokenizerFile().replace(/"a":\d+/, '"a":"x"')],
    ["no end mark", tinyTokenizerFile().replaceAll("<|endoftext|>", "<|end|>")],
  ])("is refused with %s", (_what, file) => {
    let code: unknown;
    try {
      parseClipVocabulary(file);
    } catch (error) {
      code = isStargateError(error) ? error.code : error;
    }
    expect(code).toBe("SG_VISION_VOCABULARY");
  });
});
