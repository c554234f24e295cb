import { defineTransform, pipeline, text } from "@stargate/kernel";
import { z } from "zod";

export const shout = defineTransform({
  id: "voice.shout",
  version: "1.0.0",
  summary: "Says it louder",
  from: text,
  to: text,
  options: z.strictObject({ mark: z.string().default("!") }),
  coverage: "whole", // a success means that all of the text was read
  run: (input, { options }) => `${input.toUpperCase()}${options.mark}`,
});

/** Wires are typed: feeding an image to `shout` would not compile. */
export const loud = pipeline("loud", text, (g, input) => {
  const once = g.step("once", shout, input);
  return g.step("twice", shout, once, { with: { mark: "?!" } });
});
