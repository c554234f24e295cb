import type { SoundEnd } from "./sample-stream.ts";

/** What the length a container states may be off by: padding, priming, rounding to hundredths of a second. */
const CONTAINER_SLACK_SECONDS = 0.25;

/** The same for a number of samples: a decoder may keep its last frame to itself. */
const SAMPLES_SLACK_SECONDS = 0.05;

/** Bytes at the end that hold the last page of an Ogg stream, which has 65,307 at most (RFC 3533, 6). */
const LAST_PAGE_BYTES = 128 * 1024;

/** The part of a recording that is not there: how long it should be, and why it is not. */
export interface MissingEnd {
  readonly ofSeconds: number | null;
  readonly reason: string;
}

/** What is known of a recording that was decoded. */
export interface DecodedRecording {
  readonly blob: Blob;
  readonly mediaType: string;
  /** By the number of samples it states at its beginning. */
  readonly knownSeconds: number | undefined;
  readonly end: SoundEnd;
  readonly doneSeconds: number;
}

/** What is missing at the end of a recording; undefined when nothing is. */
export async function missingEnd(recording: DecodedRecording): Promise<MissingEnd | undefined> {
  const { blob, mediaType, knownSeconds, doneSeconds } = recording;
  const { promisedSeconds, brokenOff } = recording.end;
  const reason = brokenOff ?? "the recording breaks off";
  if (knownSeconds !== undefined && knownSeconds > doneSeconds + SAMPLES_SLACK_SECONDS)
    return { ofSeconds: knownSeconds, reason };
  if (promisedSeconds !== undefined && promisedSeconds > doneSeconds + CONTAINER_SLACK_SECONDS)
    return { ofSeconds: promisedSeconds, reason };
  if (brokenOff !== undefined) return { ofSeconds: null, reason };
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
