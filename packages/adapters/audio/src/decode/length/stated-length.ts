import { flacLength } from "./flac-length.ts";
import { mp3Length } from "./mp3-length.ts";

/** How much a recording says it holds. */
export interface StatedLength {
  /** Per channel. */
  readonly samples: number;
  readonly sampleRateHz: number;
}

/** What a recording says about its length in its first bytes; undefined when it says nothing there. */
export function statedLength(mediaType: string, head: Uint8Array): StatedLength | undefined {
  if (mediaType === "audio/mpeg") return mp3Length(head);
  return mediaType === "audio/flac" ? flacLength(head) : undefined;
}
