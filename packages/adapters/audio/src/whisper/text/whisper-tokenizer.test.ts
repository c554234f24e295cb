import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test, type TestContext } from "vitest";
import { z } from "zod";
import { sharedFile } from "../../../../../../test/support/shared-files.ts";
import { parityFile, readExpected } from "../../../test/whisper-parity.ts";
import { languageTag, whisperLanguage } from "./languages.ts";
import { languageOf, specialTokensOf } from "./special-tokens.ts";
import { parseTiktoken, parseTokenizerJson } from "./vocabulary.ts";
import { createWhisperTokenizer } from "./whisper-tokenizer.ts";

const casesSchema = z.object({
  cases: z.array(z.object({ text: z.string(), multilingual: z.array(z.int()), english: z.array(z.int()) })),
  partial_utf8: z.array(z.object({ ids: z.array(z.int()), text: z.string() })),
});

const MULTILINGUAL = 51_865;
const ENGLISH = 51_864;

const tiktoken = (context: TestContext, name: string) =>
  parseTiktoken(readFileSync(sharedFile(context, `models/${name}.tiktoken`), "utf8"));
const cases = (context: TestContext) =>
  casesSchema.parse(JSON.parse(readFileSync(parityFile(context, "tokenizer_cases.json"), "utf8")));

const forms = [
  ["multilingual.tiktoken", MULTILINGUAL, "multilingual", (context) => tiktoken(context, "multilingual")],
  [
    "tokenizer.json",
    MULTILINGUAL,
    "multilingual",
    (context) => parseTokenizerJson(readFileSync(parityFile(context, "tokenizer.json"), "utf8")),
  ],
  ["gpt2.tiktoken", ENGLISH, "english", (context) => tiktoken(context, "gpt2")],
] as const satisfies readonly (readonly [
  string,
  number,
  "multilingual" | "english",
  (context: TestContext) => object,
])[];

describe.for(forms)("the tokenizer of %s", ([, outputs, kind, read]) => {
  test("gives the ids of the reference for each of its texts, and the texts again", (context) => {
    const tokenizer = createWhisperTokenizer(read(context), outputs);
    const all = cases(context).cases;
    expect(all).toHaveLength(229);
    const wrong = all.filter(({ text, [kind]: ids }) => tokenizer.encode(text).join() !== ids.join());
    const unread = all.filter(({ text, [kind]: ids }) => tokenizer.decode(ids) !== text);
    expect({ wrong, unread }).toEqual({ wrong: [], unread: [] });
  });

  test("gives any text again", (context) => {
    const tokenizer = createWhisperTokenizer(read(context), outputs);
    const texts = fc.string({
      unit: fc.oneof(fc.string({ unit: "binary", maxLength: 3 }), fc.constantFrom(" ", "the", "\n")),
      maxLength: 20,
    });
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text.toWellFormed()))).toBe(text.toWellFormed());
      }),
    );
  });
});

describe("the multilingual tokenizer", () => {
  test("shows characters that are cut in two as the reference does", (context) => {
    const tokenizer = createWhisperTokenizer(tiktoken(context, "multilingual"), MULTILINGUAL);
    const cut = cases(context).partial_utf8;
    expect(cut).toHaveLength(30);
    expect(cut.filter(({ ids, text }) => tokenizer.decode(ids) !== text)).toEqual([]);
  });

  test("knows what is never sampled", (context) => {
    const tokenizer = createWhisperTokenizer(tiktoken(context, "multilingual"), MULTILINGUAL);
    const { suppress, begin_suppress } = readExpected(context).tokens;
    expect(tokenizer.suppressed).toEqual(suppress);
    expect(tokenizer.blank).toEqual(begin_suppress);
  });

  test("splits text into words as the reference does", (context) => {
    const tokenizer = createWhisperTokenizer(tiktoken(context, "multilingual"), MULTILINGUAL);
    for (const { ids, words } of Object.values(readExpected(context).openai_alignment))
      expect(tokenizer.splitWords(ids, "en")).toEqual(words.map(({ word, tokens }) => ({ word, tokens })));
  });

  test.for([
    [
      "en",
      " Well, it's 5 o'clock... (he said)",
      [" Well", ",", " it's", " 5", " o", "'clock...", " (he", " said", ")"],
    ],
    ["fr", " Où êtes-vous?", [" Où", " êtes", "-vous", "?"]],
    ["ja", "今日は😀", ["今日は", "😀"]],
    ["de", "", []],
  ] as const)("splits %s into words", ([language, text, words], context) => {
    const tokenizer = createWhisperTokenizer(tiktoken(context, "multilingual"), MULTILINGUAL);
    const found = tokenizer.splitWords(tokenizer.encode(text), language);
    expect(found.map(({ word }) => word)).toEqual(words);
  });

  test("loses no piece of a text that ends within a character", (context) => {
    const tokenizer = createWhisperTokenizer(tiktoken(context, "multilingual"), MULTILINGUAL);
    const tokens = tokenizer.encode(" hello 👩‍👩‍👧‍👦").slice(0, -1);
    expect(tokenizer.splitWords(tokens, "en").flatMap((word) => word.tokens)).toEqual(tokens);
  });
});

describe("special tokens", () => {
  test.for([
    [
      50_257,
      51_865,
      { endOfText: 50_257, startOfTranscript: 50_258, translate: 50_358, noTimestamps: 50_363, timestampBegin: 50_364 },
    ],
    [
      50_257,
      51_866,
      { endOfText: 50_257, startOfTranscript: 50_258, translate: 50_359, noTimestamps: 50_364, timestampBegin: 50_365 },
    ],
    [
      50_256,
      51_864,
      { endOfText: 50_256, startOfTranscript: 50_257, noSpeech: 50_361, noTimestamps: 50_362, timestampBegin: 50_363 },
    ],
  ] as const)("after %i pieces of %i are those of openai/whisper", ([text, outputs, expected]) => {
    expect(specialTokensOf(text, outputs)).toMatchObject(expected);
  });

  test.for([
    [50_257, 51_864],
    [50_256, 51_865],
    [30_000, 51_865],
  ] as const)("of %i pieces and %i outputs are refused", ([text, outputs]) => {
    expect(() => specialTokensOf(text, outputs)).toThrow(/does not fit/);
  });

  test("have a language each", () => {
    const special = specialTokensOf(50_257, 51_866);
    expect([50_259, 50_260, 50_357, 50_358, 50_359].map((token) => languageOf(token, special))).toEqual([
      "en",
      "zh",
      "su",
      "yue",
      undefined,
    ]);
  });
});

test("languages go by their tags", () => {
  expect(["en-GB", "EN", "jv", "zh_Hant", "nb", "xx"].map(whisperLanguage)).toEqual([
    "en",
    "en",
    "jw",
    "zh",
    "no",
    undefined,
  ]);
  expect(languageTag("jw")).toBe("jv");
});

test.for([["IQ== x"], ["\u0000\u0001"]])("what is no vocabulary is refused: %s", ([text = ""]) => {
  expect(() => parseTiktoken(text)).toThrow(expect.objectContaining({ code: "SG_COMPUTE_MODEL" }));
  expect(() => parseTokenizerJson(text)).toThrow(expect.objectContaining({ code: "SG_COMPUTE_MODEL" }));
});
