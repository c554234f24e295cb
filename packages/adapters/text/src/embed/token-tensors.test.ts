import { expect, test } from "vitest";
import { parseVocabulary } from "../tokenizer/vocabulary.ts";
import { tokenTensors } from "./token-tensors.ts";

const vocabulary = parseVocabulary("m", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n");
const windows = [
  { ids: [7, 8], end: 3 },
  { ids: [9], end: 5 },
];

test("frames, pads and masks the windows", () => {
  const { inputs, lengths } = tokenTensors(windows, vocabulary, { maxTokens: 5, tokenTypes: true });
  const rows = (name: string) => Array.from((inputs[name]?.data as BigInt64Array) ?? [], Number);
  expect(lengths).toEqual([4, 3]);
  expect(inputs["input_ids"]?.shape).toEqual([2, 5]);
  expect(rows("input_ids")).toEqual([1, 7, 8, 2, 3, 1, 9, 2, 3, 3]);
  expect(rows("attention_mask")).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 0, 0]);
  expect(rows("token_type_ids")).toEqual(Array.from({ length: 10 }, () => 0));
});

test("rounds the length up, so that texts of about one length can share a run", () => {
  const shapeOf = (tokens: number) =>
    tokenTensors([{ ids: Array.from({ length: tokens }, () => 0), end: 0 }], vocabulary, {
      maxTokens: 256,
      tokenTypes: false,
    }).inputs["input_ids"]?.shape;
  expect([shapeOf(0), shapeOf(14), shapeOf(15), shapeOf(254)]).toEqual([
    [1, 16],
    [1, 16],
    [1, 32],
    [1, 256],
  ]);
});

test("gives token types only to models that have them", () => {
  const { inputs } = tokenTensors(windows, vocabulary, { maxTokens: 8, tokenTypes: false });
  expect(Object.keys(inputs)).toEqual(["input_ids", "attention_mask"]);
});
