import { combineEmbeddings, defineTransform, embedding, image, text } from "@stargate/kernel";
import { z } from "zod";
import type { VisionOptions } from "../vision-options.ts";
import { createClipEmbedder } from "./embedder.ts";

/** Milliseconds a tower takes on one core, before anything was measured: CLIP ViT-B/32, float32. */
const IMAGE_MS = 90;
const TEXT_MS = 45;

const imageOptions = z.strictObject({
  /** "crop" keeps the middle of the picture, as the model was trained; "squash" sees all of it, out of shape. */
  fit: z.enum(["crop", "squash"]).default("crop"),
});

/** The transforms that make embeddings, on the pair of towers the options name. */
export function createClipTransforms(options: VisionOptions) {
  const embedder = createClipEmbedder(options);
  // The rung is named after the space: what clients ask embeddings of by name.
  const { space, imageModel, textModel } = options.clip;
  const shared = { version: "1.0.0", to: embedding, coverage: "reported" } as const;

  const embedImage = defineTransform({
    ...shared,
    id: "vision.embed-image",
    summary: "A picture as a vector that can be compared with those of texts and other pictures",
    from: image,
    options: imageOptions,
    loss: { appearance: 1 },
    cost: () => ({ ms: IMAGE_MS }),
    ladder: [{ name: space, model: imageModel }],
    run: (input, context) => embedder.image(input, { fit: context.options.fit, signal: context.signal }, context),
  });

  const embedText = defineTransform({
    ...shared,
    id: "vision.embed-text",
    summary: "A short text as a vector that can be compared with those of pictures",
    from: text,
    // More than models made for texts lose: it was trained on captions.
    loss: { wording: 1, layout: 1, detail: 1 },
    cost: () => ({ ms: TEXT_MS }),
    ladder: [{ name: space, model: textModel }],
    run: (input, context) => embedder.text(input, { signal: context.signal }, context),
  });

  const embedPair = defineTransform({
    ...shared,
    id: "vision.embed-pair",
    summary: "A picture with its text as one vector: the mean of both",
    from: { image, text },
    options: imageOptions,
    loss: { appearance: 1, wording: 1, layout: 1, detail: 1 },
    cost: () => ({ ms: Math.max(IMAGE_MS, TEXT_MS) }),
    ladder: [{ name: space, model: imageModel }],
    async run(input, context) {
      // When one half fails the other has no use, and is called off.
      const halves = new AbortController();
      const signal = AbortSignal.any([context.signal, halves.signal]);
      try {
        return combineEmbeddings(
          await Promise.all([
            embedder.image(input.image, { fit: context.options.fit, signal }, context),
            embedder.text(input.text, { signal }, context),
          ]),
        );
      } finally {
        halves.abort();
      }
    },
  });

  return { embedImage, embedText, embedPair };
}
