import { createHash } from "node:crypto";
import {
  createEmbedding,
  createErrorFactory,
  defineAdapter,
  defineTransform,
  digestBlob,
  embedding,
  image,
  text,
  type Adapter,
  type Embedding,
} from "@stargate/kernel";
import { z } from "zod";

const fail = createErrorFactory({
  SG_TINY_POISON: {
    title: "Poison",
    meaning: "A test wants this item to fail.",
    solution: "Send another item.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_TINY_BUSY: {
    title: "Busy",
    meaning: "A test wants the model to be busy.",
    solution: "Come back.",
    status: 503,
    retryable: true,
    public: true,
  },
});

/** Numbers of a vector before it is made length 1. */
export const tinyDimensions = 8;

/** The embedding that the adapter gives for what has this digest. */
export function tinyEmbedding(model: string, digest: string): Embedding {
  const bytes = createHash("sha256").update(`${model} ${digest}`).digest();
  return createEmbedding({
    model,
    vector: Float32Array.from({ length: tinyDimensions }, (_, at) => (bytes[at] ?? 0) - 127.5),
  });
}

/** An adapter of a third party: a space for texts and images, and two text models behind one option. */
export function embeddingAdapter(): { readonly adapter: Adapter; readonly mostAtOnce: () => number } {
  let inFlight = 0;
  let most = 0;
  const together = async <Result>(work: () => Result): Promise<Result> => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    return work();
  };
  const shared = { version: "1.0.0", coverage: "whole", to: embedding, ladder: [{ name: "tiny-clip" }] } as const;
  const embedText = defineTransform({
    ...shared,
    id: "tiny.embed-text",
    summary: "A text in the space of images",
    from: text,
    run: (input, ctx) =>
      together(() => {
        if (input === "poison") throw fail("SG_TINY_POISON", "The text is poison");
        if (input === "busy") throw fail("SG_TINY_BUSY", "The model is busy");
        if (input === "defect") throw new TypeError("password=hunter2");
        if (input === "long") ctx.degrade({ what: "the first 2 of 4 characters", reason: "long" });
        ctx.meter({ unit: "token", quantity: input.split(" ").length });
        return tinyEmbedding("tiny-clip", input);
      }),
  });
  const embedImage = defineTransform({
    ...shared,
    id: "tiny.embed-image",
    summary: "An image in the space of texts",
    from: image,
    run: async ({ blob }) => {
      const digest = await digestBlob(blob);
      return together(() => tinyEmbedding("tiny-clip", digest));
    },
  });
  const embedWords = defineTransform({
    id: "tiny.embed-words",
    version: "1.0.0",
    summary: "A text in a space of texts",
    from: text,
    to: embedding,
    coverage: "whole",
    options: z.strictObject({ model: z.enum(["words-small", "words-large"]).default("words-small") }),
    run: (input, ctx) => tinyEmbedding(ctx.options.model, input),
  });
  const adapter = defineAdapter({
    spec: 1,
    id: "tiny",
    version: "1.0.0",
    summary: "Embeddings for tests",
    transforms: [embedText, embedImage, embedWords],
  });
  return { adapter, mostAtOnce: () => most };
}
