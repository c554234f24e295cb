import type { TaskFunction, Transcript } from "@stargate/kernel";
import { findSensitive } from "./find/find-sensitive.ts";
import { countKinds, maskText } from "./mask.ts";
import type { RedactOptions } from "./redact-options.ts";
import { type RedactedTranscript, redactTranscript } from "./redact-transcript.ts";

export interface RedactedText {
  readonly text: string;
  /** How many of which kind were replaced. */
  readonly replaced: Readonly<Record<string, number>>;
}

/** Runs in a worker: a million characters take a second. */
export const redactTextTask: TaskFunction<{ readonly text: string; readonly options: RedactOptions }, RedactedText> = ({
  text,
  options,
}) => {
  const findings = findSensitive(text, options);
  return { text: maskText(text, findings, options.mask), replaced: countKinds(findings) };
};

export const redactTranscriptTask: TaskFunction<
  { readonly transcript: Transcript; readonly options: RedactOptions },
  RedactedTranscript
> = ({ transcript, options }) => redactTranscript(transcript, options);
