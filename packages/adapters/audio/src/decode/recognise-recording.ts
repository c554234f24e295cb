import { audio, type EncodedMedia } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import type { AudioOptions } from "../audio-options.ts";
import { withoutTags } from "./skip-tags.ts";

const HEAD_BYTES = 4096;

/** How far into a stream without a signature its first frame may be. */
const SEARCHED_BYTES = 1024 * 1024;

/** What a recording is. */
export interface Recording {
  /** Its bytes, without tags in front of them. */
  readonly blob: Blob;
  /** By its bytes, whatever the sender says. */
  readonly mediaType: string;
  /** Its first 4 KiB. */
  readonly head: Uint8Array;
}

/**
 * What a recording is by its bytes. Refuses what is none before anything is started: SG_INPUT_EMPTY,
 * SG_INPUT_TOO_LARGE, SG_INPUT_INVALID (a playlist), SG_INPUT_ENCRYPTED, SG_INPUT_CORRUPT.
 */
export async function recogniseRecording(
  { blob: sent, mediaType }: EncodedMedia,
  { maxBytes }: AudioOptions,
): Promise<Recording> {
  if (sent.size === 0) throw fail("SG_INPUT_EMPTY", "The recording has 0 bytes");
  if (sent.size > maxBytes)
    throw fail("SG_INPUT_TOO_LARGE", `The recording has ${sent.size} bytes; the limit is ${maxBytes} bytes`, {
      hint: "Send it in parts or compressed, or raise the adapter's maxBytes.",
    });
  const blob = await withoutTags(sent);
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (playlists.test(text))
    throw fail("SG_INPUT_INVALID", "The input is a playlist: it names recordings and holds none", {
      hint: "Send the recording itself.",
    });
  if (drmMarks.some((mark) => text.includes(mark)))
    throw fail("SG_INPUT_ENCRYPTED", "The recording is protected (DRM) and can be played by its own player only", {
      hint: "Send a copy without protection.",
    });
  const found = audio.sniff?.(head, blob.size)?.mediaType ?? (await findStream(blob));
  if (found !== undefined) return { blob, mediaType: found, head };
  throw fail("SG_INPUT_CORRUPT", `The bytes are not a readable ${mediaType} recording: they begin like none`);
}

/** A stream that begins in the middle of something: frames are looked for. */
async function findStream(blob: Blob): Promise<string | undefined> {
  const bytes = new Uint8Array(await blob.slice(0, SEARCHED_BYTES).arrayBuffer());
  for (let offset = HEAD_BYTES / 2; offset < bytes.length; offset += HEAD_BYTES / 2) {
    const found = audio.sniff?.(bytes.subarray(offset, offset + HEAD_BYTES), blob.size);
    if (found !== undefined && frames.has(found.mediaType)) return found.mediaType;
  }
  return undefined;
}

const frames: ReadonlySet<string> = new Set(["audio/mpeg", "audio/aac"]);

/** HLS, PLS, ffconcat and DASH. */
const playlists = /^(?:\u00ef\u00bb\u00bf)?\s*(?:#EXTM3U|\[playlist\]|ffconcat version|<\?xml[^>]*>\s*<MPD|<MPD)/i;

/** Audible's brand, and the objects that announce protection in a Windows Media file (ASF 1.2, 3.14 and 3.15). */
const drmMarks: readonly string[] = [
  "ftypaax ",
  "ftypaaxc",
  '\u00fb\u00b3\u0011"#\u00bd\u00d2\u0011\u00b4\u00b7\0\u00a0\u00c9U\u00fcn',
  '\u0014\u00e6\u008a)"&\u0017L\u00b95\u00da\u00e0~\u00e9(\u009c',
];
