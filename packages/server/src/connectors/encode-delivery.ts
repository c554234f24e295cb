import type { EncodedBody, Payload } from "@stargate/kernel";

/** Writes a payload as bytes: usually a gate's `encode` with the media type of the service. */
export type EncodePayload = (
  payload: Payload,
  options: { readonly signal: AbortSignal },
) => Promise<{ readonly body: EncodedBody; readonly mediaType: string }>;

/** An encoded body as chunks, whatever form the encoder chose. Large ones are never whole in memory here. */
export async function* chunksOf(body: EncodedBody): AsyncGenerator<Uint8Array<ArrayBufferLike>> {
  if (typeof body === "string") yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield body;
  else yield* body instanceof Blob ? body.stream() : body;
}

const extensions: Readonly<Record<string, string>> = {
  "application/json": ".json",
  "application/octet-stream": ".bin",
  "application/pdf": ".pdf",
  "application/xml": ".xml",
  "application/vnd.stargate+json": ".json",
  "application/alto+xml": ".alto.xml",
  "application/x-subrip": ".srt",
  "image/bmp": ".bmp",
  "image/gif": ".gif",
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/tiff": ".tif",
  "image/webp": ".webp",
  "text/csv": ".csv",
  "text/html": ".html",
  "text/markdown": ".md",
  "text/plain": ".txt",
  "text/tab-separated-values": ".tsv",
  "text/vnd.hocr+html": ".hocr.html",
  "text/vtt": ".vtt",
  "text/x-rttm": ".rttm",
};

/** File extension of a media type, with its dot; ".bin" when there is none we know. */
export function extensionOf(mediaType: string): string {
  return extensions[mediaType.split(";")[0]?.trim().toLowerCase() ?? ""] ?? ".bin";
}
