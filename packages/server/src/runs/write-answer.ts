import type { Answer, EncodedBody, Gate, Payload } from "@stargate/kernel";
import { envelopeMediaType, envelopeText } from "../gateway/envelope.ts";
import { wantsEnvelope } from "../http/accept.ts";
import { receiptHeaders } from "../http/answer-headers.ts";
import { writeTranscription } from "../transcriptions/write-transcription.ts";
import type { OrderHead } from "./run-order.ts";

/** An answer, and what has to be known of it to be written: kept ones have no more. */
export interface WritableAnswer extends Pick<Answer, "receipt"> {
  readonly payload: Pick<Payload, "modality" | "value">;
}

/** An answer as it leaves the gateway. */
export interface WrittenAnswer {
  readonly body: EncodedBody;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Outputs a browser would take for a page: hOCR may hold markup somebody else wrote, and must not act as this origin. */
const activeMediaType = /html|xml|svg/;

/** Writes an answer as the order asks. Throws SG_OUTPUT_NOT_ACCEPTABLE, SG_OUTPUT_TOO_LARGE, and what encoders throw. */
export async function writeAnswer(
  gate: Gate,
  answer: WritableAnswer,
  { accept, transcription }: Pick<OrderHead, "accept" | "transcription">,
  signal: AbortSignal,
): Promise<WrittenAnswer> {
  const headers = receiptHeaders(answer.receipt);
  if (wantsEnvelope(accept))
    return { body: await envelopeText(gate, answer, signal), contentType: envelopeMediaType, headers };
  const { body, mediaType } =
    transcription === undefined
      ? await gate.encode(answer.payload, accept, { signal })
      : await writeTranscription(gate, answer.payload, transcription, signal);
  if (activeMediaType.test(mediaType)) headers["content-security-policy"] = "sandbox; default-src 'none'";
  return { body, contentType: withCharset(mediaType), headers };
}

/** Text from the kernel is UTF-8; media types of text default to something else in old clients. */
function withCharset(mediaType: string): string {
  return mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType;
}
