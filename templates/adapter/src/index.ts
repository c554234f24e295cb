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
    options.by === "line" ? input.split("\n").reverse().join("\n") : [...input].reverse().join(""),
});

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
