import type { EncodedBody, Gate, Json, Payload } from "@stargate/kernel";
import type { TranscriptionForm } from "./transcription-form.ts";

/** Media types of the modality's own encodings. */
const encodings: Readonly<Record<TranscriptionForm["format"], string>> = {
  json: "application/vnd.openai.transcription+json",
  text: "text/plain",
  srt: "application/x-subrip",
  verbose_json: "application/vnd.openai.transcription.verbose+json",
  vtt: "text/vtt",
};

export interface WrittenTranscription {
  readonly body: EncodedBody;
  readonly mediaType: string;
}

/** Writes a transcript as OpenAI's endpoints do: JSON as application/json, with the seconds that were listened to. */
export async function writeTranscription(
  gate: Gate,
  payload: Pick<Payload, "modality" | "value">,
  { format, words, segments }: TranscriptionForm,
  signal: AbortSignal,
): Promise<WrittenTranscription> {
  const { body, mediaType } = await gate.encode(payload, encodings[format], { signal });
  if (format !== "json" && format !== "verbose_json") return { body, mediaType };
  const written = JSON.parse(typeof body === "string" ? body : await new Response(body).text()) as Record<string, Json>; // the encoder writes an object
  if (!words) delete written["words"];
  if (!segments) delete written["segments"];
  const seconds = gate.registry.modality(payload.modality).measureOf(payload.value);
  if (seconds !== undefined) written["usage"] = { type: "duration", seconds };
  return { body: JSON.stringify(written), mediaType: "application/json" };
}
