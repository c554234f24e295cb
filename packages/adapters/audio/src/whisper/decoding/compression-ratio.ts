import { deflateSync } from "node:zlib";

/** How many times smaller zlib makes a text: a loop of the same words shows as a high one (Whisper paper, 4.5). */
export function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length / deflateSync(bytes).length;
}
