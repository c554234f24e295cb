import { defineTransform, json, type ModelSpec, text } from "@stargate/kernel";

export const letterCounter: ModelSpec = {
  id: "letter-counter",
  version: "1.0.0",
  summary: "How many letters a text has",
  licence: "Apache-2.0",
  format: "counting",
  variants: [{ name: "only", quality: 1, files: [] }],
};

/** Says what it wants computed, never where. */
export const countLetters = defineTransform({
  id: "letters.count",
  version: "1.0.0",
  summary: "Counts the letters of a text",
  from: text,
  to: json,
  coverage: "whole",
  async run(input, { compute }) {
    const { letters } = await compute.run(letterCounter.id, { text: { dtype: "string", shape: [1], data: [input] } });
    return { letters: Number(letters?.data[0]) };
  },
});
