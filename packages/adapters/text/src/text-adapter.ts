import { type Adapter, defineAdapter } from "@stargate/kernel";
import { createEmbedTransform } from "./embed/embed-transform.ts";
import { miniLm } from "./models/minilm.ts";
import { redactTransform, redactTranscriptTransform } from "./redact/redact-transforms.ts";
import { parseTextOptions, type TextOptionsInput } from "./text-options.ts";

/**
 * Texts to embeddings, and texts and transcripts without what is nobody's business. The model runs wherever the compute plane puts it. Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({ adapters: [text()], host });
 * const { value } = await gate.run("A man is eating food.", { to: "embedding" });
 */
export function text(input: TextOptionsInput = {}): Adapter {
  return defineAdapter({
    spec: 1,
    id: "text",
    version: "0.1.0",
    summary: "Texts to embeddings; personal data and profanity masked in texts and transcripts",
    transforms: [createEmbedTransform(parseTextOptions(input)), redactTransform, redactTranscriptTransform],
    models: [miniLm],
  });
}
