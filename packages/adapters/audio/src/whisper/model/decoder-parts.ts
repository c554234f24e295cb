import { fail, type ModelPart, type TensorSpec } from "@stargate/kernel/backend";

/** What outputs with attention to the sound begin with; the number of the layer follows. */
export const ATTENTION = "cross_attentions.";

/** How the decoder was exported. */
export interface DecoderParts {
  /** Takes the first tokens, and what the encoder heard. */
  readonly first: ModelPart;
  /** Takes further tokens, and the caches. */
  readonly later: ModelPart;
  /** Both are one graph, which is told by `use_cache_branch` what to do. */
  readonly isMerged: boolean;
  /** Inputs for caches, `past_key_values.N.decoder.key` and so on. */
  readonly caches: readonly TensorSpec[];
  /** `cross_attentions.N`; empty when it was exported without. */
  readonly attentions: readonly string[];
}

/**
 * Tells the layouts of the public exports (Optimum, transformers.js) apart: `decoder` alone is a merged one, `decoder` with
 * `decoderWithPast` the two graphs. Throws SG_COMPUTE_MODEL for another.
 */
export function decoderParts(parts: Readonly<Record<string, ModelPart>>): DecoderParts {
  const first = requirePart(parts, "decoder");
  const later = parts["decoderWithPast"] ?? first;
  const caches = later.signature.inputs.filter(({ name }) => name.startsWith("past_key_values."));
  const isMerged = later === first;
  const hasBranches = first.signature.inputs.some(({ name }) => name === "use_cache_branch");
  if (caches.length === 0 || isMerged !== hasBranches)
    throw fail("SG_COMPUTE_MODEL", "The decoder takes no caches: it is neither a merged one nor two graphs", {
      hint: "Use decoder_model_merged.onnx, or decoder_model.onnx with decoder_with_past_model.onnx.",
    });
  const attentions = first.signature.outputs.map(({ name }) => name).filter((name) => name.startsWith(ATTENTION));
  return { first, later, isMerged, caches, attentions };
}

/** Throws SG_COMPUTE_MODEL for a part that the model's settings do not name. */
export function requirePart(parts: Readonly<Record<string, ModelPart>>, name: string): ModelPart {
  const part = parts[name];
  if (part === undefined) throw fail("SG_COMPUTE_MODEL", `A Whisper model without a part "${name}"`);
  return part;
}
