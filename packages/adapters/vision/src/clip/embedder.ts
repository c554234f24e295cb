import type { Embedding, EncodedMedia, RunContext } from "@stargate/kernel";
import type { VisionOptions } from "../vision-options.ts";
import type { Fit } from "./pixels/frame-image.ts";
import { imageCoverage } from "./pixels/image-coverage.ts";
import { prepareImage } from "./pixels/prepare-image.ts";
import { readEmbedding } from "./read-embedding.ts";
import type { ClipTokens } from "./tokens/clip-tokenizer.ts";
import { textInputs } from "./tokens/text-inputs.ts";
import { createTokenizerCache } from "./tokens/tokenizer-cache.ts";

/** What embedding needs of a run's context. */
type EmbedContext = Pick<RunContext, "compute" | "offload" | "coverage" | "degrade" | "meter">;

/** Embeds single items with one pair of towers. */
interface ClipEmbedder {
  image(
    input: EncodedMedia,
    how: { readonly fit: Fit; readonly signal: AbortSignal },
    context: EmbedContext,
  ): Promise<Embedding>;
  text(input: string, how: { readonly signal: AbortSignal }, context: EmbedContext): Promise<Embedding>;
}

/** The work behind the transforms. Every call is one run of one model: the plane makes batches of them. */
export function createClipEmbedder(options: VisionOptions): ClipEmbedder {
  const { space, imageModel, textModel, imageSizePixels, contextTokens, attentionMask } = options.clip;
  const tokenizerOf = createTokenizerCache(textModel);
  return {
    async image(input, { fit, signal }, context) {
      const prepared = await prepareImage(input.blob, { fit, signal, options }, context.offload);
      context.coverage(imageCoverage(prepared));
      context.meter({ unit: "megapixel", quantity: (prepared.widthPixels * prepared.heightPixels) / 1e6 });
      const shape = [1, 3, imageSizePixels, imageSizePixels];
      const inputs = { pixel_values: { dtype: "float32", shape, data: prepared.pixelValues } } as const;
      const outputs = await context.compute.run(imageModel, inputs, { signal });
      return readEmbedding(outputs, { model: imageModel, output: "image_embeds", space });
    },
    async text(input, { signal }, context) {
      const tokenizer = await tokenizerOf(context, signal);
      const tokens = tokenizer.encode(input, contextTokens);
      announce(tokens, input, contextTokens, context);
      context.meter({ unit: "token", quantity: tokens.ids.length });
      const inputs = textInputs(tokens.ids, { contextTokens, attentionMask, endId: tokenizer.endId });
      const outputs = await context.compute.run(textModel, inputs, { signal });
      return readEmbedding(outputs, { model: textModel, output: "text_embeds", space });
    },
  };
}

/** Says how much of a text goes into its embedding. Throws SG_DEGRADE_REFUSED where less than all is forbidden. */
function announce(
  { charactersRead, cut }: ClipTokens,
  text: string,
  contextTokens: number,
  context: EmbedContext,
): void {
  if (cut === undefined) return context.coverage({ measure: "character", done: text.length, of: text.length });
  const reason =
    cut === "context"
      ? `the model reads ${contextTokens} tokens`
      : "the text holds the end mark <|endoftext|>, and the model reads nothing behind it";
  const missing = [{ what: `characters ${charactersRead + 1}-${text.length}`, reason }];
  context.coverage({ measure: "character", done: charactersRead, of: text.length, missing });
  context.degrade({ what: `the first ${charactersRead} of ${text.length} characters`, reason });
}
