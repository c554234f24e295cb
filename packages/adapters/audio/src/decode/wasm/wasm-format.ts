import type { WasmFormat } from "../../native/wasm-decoders.ts";

/** The decoder that reads a recording without ffmpeg, by its first bytes; undefined when there is none. */
export function wasmFormatOf(mediaType: string, head: Uint8Array): WasmFormat | undefined {
  if (mediaType === "audio/mpeg") return "mp3";
  if (mediaType === "audio/flac") return "flac";
  if (mediaType !== "audio/ogg") return undefined;
  // The first packet of an Ogg stream names its codec (RFC 7845, 5.1; Vorbis I, 4.2.1; Ogg FLAC mapping).
  const first = new TextDecoder("latin1").decode(head.subarray(28, 36));
  if (first.startsWith("OpusHead")) return "opus";
  if (first.startsWith("\u0001vorbis")) return "vorbis";
  return first.startsWith("\u007fFLAC") ? "flac" : undefined;
}
