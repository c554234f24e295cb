import { defineAdapter, defineTransform, text, type Adapter } from "@stargate/kernel";
import { z } from "zod";

const reverse = defineTransform({
  id: "example.reverse",
  version: "1.0.0",
  summary: "Turns a text around",
  from: text,
  to: text,
  options: z.strictObject({ by: z.enum(["character", "line"]).default("character") }),
  coverage: "whole",
  run: (input, { options }) =>
    options.by === "line" ? input.split("\n").reverse().join("\n") : graphemes(input).reverse().join(""),
});

/** Characters as people see them: an emoji or an accented letter is one. */
function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** @example openGate({ adapters: [example()] }) */
export default function example(): Adapter {
  return defineAdapter({
    spec: 1,
    id: "example",
    version: "0.1.0",
    summary: "What this adapter is for, in a sentence",
    transforms: [reverse],
  });
}
