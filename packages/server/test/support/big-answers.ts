import { bytes, defineAdapter, defineTransform, text } from "@stargate/kernel";

export const SIZE_BYTES = 3_000_000;

/** An adapter whose answers are files in the temporary place of the run. */
export default defineAdapter({
  spec: 1,
  id: "big",
  version: "1.0.0",
  summary: "Answers that are files",
  transforms: [
    defineTransform({
      id: "big.fill",
      version: "1.0.0",
      summary: "A file full of the first letter",
      from: text,
      to: bytes,
      coverage: "whole",
      deterministic: false,
      async run(input, { scratch }) {
        return scratch.put(new Blob([input.slice(0, 1).repeat(SIZE_BYTES)]));
      },
    }),
  ],
});
