import type { SoundEnd } from "./sample-stream.ts";

/** What containers and encoders may be off by: padding, priming, lengths rounded to hundredths of a second. */
const SLACK_SECONDS = 0.25;

/** Bytes at the end that hold the last page of an Ogg stream, which has 65,307 at most (RFC 3533, 6). */
const LAST_PAGE_BYTES = 128 * 1024;

/** The part of a recording that is not there: how long it should be, and why it is not. */
export interface MissingEnd {
  readonly ofSeconds: number | null;
  readonly reason: string;
}

/** What is missing at the end of a recording of which `doneSeconds` were decoded; undefined when nothing is. */
export async function missingEnd(
  blob: Blob,
  mediaType: string,
  { promisedSeconds, brokenOff }: SoundEnd,
  doneSeconds: number,
): Promise<MissingEnd | undefined> {
  if ((promisedSeconds ?? 0) > doneSeconds + SLACK_SECONDS)
    return { ofSeconds: promisedSeconds ?? null, reason: brokenOff ?? "the recording breaks off" };
  if (brokenOff !== undefined) return { ofSeconds: null, reason: brokenOff };
  if (mediaType.endsWith("/ogg") && !(await endsWithLastPage(blob)))
    return { ofSeconds: null, reason: "the recording breaks off: its last page is missing" };
  return undefined;
}

/** The last page of an Ogg stream says that it is the last (RFC 3533, 6: header type flag 0x04). */
async function endsWithLastPage(blob: Blob): Promise<boolean> {
  const tail = new Uint8Array(await blob.slice(Math.max(0, blob.size - LAST_PAGE_BYTES)).arrayBuffer());
  for (let offset = tail.length - 27; offset >= 0; offset--)
    if (tail[offset] === 0x4f && tail[offset + 1] === 0x67 && tail[offset + 2] === 0x67 && tail[offset + 3] === 0x53)
      return ((tail[offset + 5] ?? 0) & 4) !== 0;
  return false;
}
