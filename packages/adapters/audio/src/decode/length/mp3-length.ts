import type { StatedLength } from "./stated-length.ts";

/** Samples of the decoder itself that no encoder counts (528 + 1 of the synthesis filter bank, LAME's "decoder delay"). */
const DECODER_DELAY = 529;

/** Encoders whose tag states delay and padding as LAME's does. */
const knownEncoders: ReadonlySet<string> = new Set(["LAME", "Lavc", "Lavf"]);

/**
 * How much an MP3 file really holds, by the tag its encoder wrote into the first frame (Xing or Info,
 * with LAME's extension): without what the encoder put before and behind. undefined when there is no such tag.
 * ffmpeg cuts the end itself when it can seek; through a pipe it leaves the padding.
 */
export function mp3Length(head: Uint8Array): StatedLength | undefined {
  const frame = firstFrame(head);
  if (frame === undefined) return undefined;
  const view = new DataView(head.buffer, head.byteOffset + frame.start, head.byteLength - frame.start);
  const at = 4 + frame.sideInfoBytes;
  if (view.byteLength < at + 160) return undefined;
  if (!["Xing", "Info"].includes(textAt(view, at))) return undefined;
  const flags = view.getUint32(at + 4);
  if ((flags & 1) === 0) return undefined;
  const frames = view.getUint32(at + 8);
  // Number of frames, bytes, table of contents, quality: each there if its flag is.
  const encoder =
    at + 8 + 4 + ((flags & 2) === 0 ? 0 : 4) + ((flags & 4) === 0 ? 0 : 100) + ((flags & 8) === 0 ? 0 : 4);
  if (!knownEncoders.has(textAt(view, encoder))) return undefined;
  const delays = view.getUint32(encoder + 20) & 0xffffff;
  const samples = frames * frame.samples - (delays >> 12) - Math.max(delays & 0xfff, DECODER_DELAY);
  return samples > 0 ? { samples, sampleRateHz: frame.sampleRateHz } : undefined;
}

interface FirstFrame {
  readonly start: number;
  readonly samples: number;
  readonly sampleRateHz: number;
  /** Bytes between the header and the tag. */
  readonly sideInfoBytes: number;
}

function firstFrame(head: Uint8Array): FirstFrame | undefined {
  const isTagged = head[0] === 0x49 && head[1] === 0x44 && head[2] === 0x33;
  const tag = isTagged ? 10 + [6, 7, 8, 9].reduce((sum, index) => sum * 128 + ((head[index] ?? 0) & 0x7f), 0) : 0;
  const [sync, second, third, fourth] = head.subarray(tag, tag + 4);
  // Layer III only.
  if (sync !== 0xff || second === undefined || (second & 0xe6) !== 0xe2 || fourth === undefined) return undefined;
  const version = (second >> 3) & 3;
  const rate = [44_100, 48_000, 32_000][((third ?? 0) >> 2) & 3];
  if (version === 1 || rate === undefined) return undefined;
  const isVersion1 = version === 3;
  const sampleRateHz = rate / (isVersion1 ? 1 : version === 2 ? 2 : 4);
  const isMono = fourth >> 6 === 3;
  const sideInfoBytes = isVersion1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  return { start: tag, samples: isVersion1 ? 1152 : 576, sampleRateHz, sideInfoBytes };
}

function textAt(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}
