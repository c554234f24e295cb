import type { AudioMediaType } from "./audio-media-types.ts";

/** How far into an input a frame is looked for. */
const SEARCHED_BYTES = 2048;

/** Frames that must follow one another: a single header is four bytes that occur in any data. */
const FRAMES = 3;

interface Frame {
  readonly mediaType: AudioMediaType;
  readonly lengthBytes: number;
  /** What stays the same from frame to frame: version, layer, sample rate. */
  readonly stream: number;
}

/** MP3 or AAC frames at the very beginning. */
export function firstFrames(head: Uint8Array): AudioMediaType | undefined {
  return framesAt(head, 0, 2);
}

/** MP3 or AAC frames that begin later. */
export function findFrames(head: Uint8Array): AudioMediaType | undefined {
  const last = Math.min(head.length, SEARCHED_BYTES);
  for (let offset = 1; offset < last; offset++) {
    if (head[offset] !== 0xff) continue;
    const found = framesAt(head, offset, FRAMES);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `wanted` frames of one stream, one behind the other; the last may be cut by the end of the head. */
function framesAt(head: Uint8Array, start: number, wanted: number): AudioMediaType | undefined {
  const first = frameAt(head, start);
  if (first === undefined) return undefined;
  let offset = start + first.lengthBytes;
  for (let count = 1; count < wanted; count++) {
    const next = frameAt(head, offset);
    if (next === undefined || next.stream !== first.stream || next.mediaType !== first.mediaType) return undefined;
    offset += next.lengthBytes;
  }
  return first.mediaType;
}

function frameAt(head: Uint8Array, offset: number): Frame | undefined {
  const [sync, second, third, fourth, fifth, sixth] = head.subarray(offset, offset + 6);
  if (sync !== 0xff || second === undefined || third === undefined || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return adtsFrame(second, third, fourth ?? 0, fifth ?? 0, sixth ?? 0);
  return mpegFrame(second, third);
}

/** Bit rates in kbit/s by index (ISO/IEC 11172-3, 2.4.2.3; 13818-3 for the lower sample rates); 0 is not allowed here. */
const kilobits = {
  layer2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  layer3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  lower: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;

/** Layer II and III only: Layer I is not in use, and its header is the byte order mark of UTF-16. */
function mpegFrame(second: number, third: number): Frame | undefined {
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  const sampleRateHz = [44_100, 48_000, 32_000][(third >> 2) & 3];
  if (version === 1 || layer === 0 || layer === 3 || sampleRateHz === undefined) return undefined;
  const isVersion1 = version === 3;
  const rates = isVersion1 ? (layer === 1 ? kilobits.layer3 : kilobits.layer2) : kilobits.lower;
  const bitRate = (rates[third >> 4] ?? 0) * 1000;
  if (bitRate === 0) return undefined;
  const divided = sampleRateHz / (isVersion1 ? 1 : version === 2 ? 2 : 4);
  const samplesPerByte = !isVersion1 && layer === 1 ? 72 : 144;
  const lengthBytes = Math.floor((samplesPerByte * bitRate) / divided) + ((third >> 1) & 1);
  return { mediaType: "audio/mpeg", lengthBytes, stream: (second & 0x1e) * 256 + (third & 0x0c) };
}

/** ADTS (ISO/IEC 13818-7, 6.2): the length in 13 bits across three bytes. */
function adtsFrame(second: number, third: number, fourth: number, fifth: number, sixth: number): Frame | undefined {
  const lengthBytes = (fourth & 3) * 2048 + fifth * 8 + (sixth >> 5);
  if (((third >> 2) & 15) > 12 || lengthBytes < 7) return undefined;
  return { mediaType: "audio/aac", lengthBytes, stream: (second & 0x08) * 256 + (third & 0xfc) };
}
