import { defineTask, defineTransform, text, type Transcript, transcript } from "@stargate/kernel";
import { type RedactOptions, redactOptionsSchema } from "./redact-options.ts";
import type { RedactedText } from "./redact-task.ts";
import type { RedactedTranscript } from "./redact-transcript.ts";

const module = { base: import.meta.url, module: "./redact-task" };

const redactText = defineTask<{ text: string; options: RedactOptions }, RedactedText>({
  ...module,
  export: "redactTextTask",
});
const redactTranscript = defineTask<{ transcript: Transcript; options: RedactOptions }, RedactedTranscript>({
  ...module,
  export: "redactTranscriptTask",
});

const shared = {
  version: "1.0.0",
  coverage: "whole",
  options: redactOptionsSchema,
  loss: { wording: 0.1 },
  plannable: false, // nobody's text is changed unasked
} as const;

/** A text without personal data and profanity; the receipt says how many of which kind were replaced, never what. */
export const redactTransform = defineTransform({
  ...shared,
  id: "text.redact",
  summary: "A text with masks in place of personal data, profanity and words of one's own",
  from: text,
  to: text,
  async run(input, context) {
    const redacted = await context.offload(
      redactText,
      { text: input, options: context.options },
      { signal: context.signal },
    );
    context.disclose({ replaced: redacted.replaced });
    return redacted.text;
  },
});

/** The same for a transcript: text, segments and words, with the times they had. */
export const redactTranscriptTransform = defineTransform({
  ...shared,
  id: "text.redact-transcript",
  summary: "A transcript with masks in place of personal data, profanity and words of one's own; times unchanged",
  from: transcript,
  to: transcript,
  async run(input, context) {
    const redacted = await context.offload(
      redactTranscript,
      { transcript: input, options: context.options },
      { signal: context.signal },
    );
    context.disclose({ replaced: redacted.replaced });
    return redacted.transcript;
  },
});
