import { createEmbedTransform } from "./embed/embed-transform.ts";
import { redactTransform, redactTranscriptTransform } from "./redact/redact-transforms.ts";
import { parseTextOptions } from "./text-options.ts";

/**
 * The adapter's transforms by verb, typed for the pipeline builder. A pipeline names them; the gate runs those of the
 * adapter it has opened, with its options.
 */
export const textTransforms = Object.freeze({
  embed: createEmbedTransform(parseTextOptions({})),
  redact: redactTransform,
  redactTranscript: redactTranscriptTransform,
});
