import { createErrorFactory, defineAdapter, defineTransform, text, type Graph } from "@stargate/kernel";

const fail = createErrorFactory({
  SG_SHOUT_LOUD: {
    title: "Too loud",
    meaning: "The text is in capitals already.",
    solution: "Lower your voice.",
    status: 422,
    retryable: false,
    public: true,
  },
});

const shout = defineTransform({
  id: "shout.up",
  version: "1.0.0",
  summary: "Upper case; refuses what is",
  from: text,
  to: text,
  coverage: "whole",
  run(input) {
    if (input === input.toUpperCase()) throw fail("SG_SHOUT_LOUD", "The text is in capitals already");
    return input.toUpperCase();
  },
});

/** The cheapest real adapter: text in, upper case out. */
export const shoutAdapter = defineAdapter({
  spec: 1,
  id: "shout",
  version: "1.0.0",
  summary: "Upper case",
  transforms: [shout],
});

export const shoutPipeline: Graph = {
  stargate: 1,
  name: "shout",
  inputs: { text: "text" },
  steps: [{ kind: "transform", id: "up", use: "shout.up", from: "text" }],
  output: "up",
};
