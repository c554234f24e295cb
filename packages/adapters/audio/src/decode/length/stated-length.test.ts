import { describe, expect, test } from "vitest";
import { statedLength } from "./stated-length.ts";

/** A first MP3 frame with the tag of an encoder: frames, delay and padding as they stand in it. */
function taggedFrame(tag: {
  readonly header: readonly [number, number, number];
  readonly at: number;
  readonly encoder?: string;
  readonly before?: number;
}): Uint8Array {
  const head = new Uint8Array(1024);
  const start = tag.before ?? 0;
  if (start > 0) head.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, start - 10]);
  head.set([0xff, ...tag.header], start);
  const view = new DataView(head.buffer, start + tag.at);
  for (const [index, letter] of Array.from("Info").entries()) view.setUint8(index, letter.charCodeAt(0));
  view.setUint32(4, 0xf);
  view.setUint32(8, 100); // frames
  for (const [index, letter] of Array.from(tag.encoder ?? "LAME3.100").entries())
    view.setUint8(120 + index, letter.charCodeAt(0));
  view.setUint32(120 + 20, (0 << 24) | (576 << 12) | 1000);
  return head;
}

describe("length an MP3 file states", () => {
  test.each([
    ["stereo, 44.1 kHz", { header: [0xfb, 0x90, 0x00], at: 36 }, 100 * 1152, 44_100],
    ["mono, 48 kHz", { header: [0xfb, 0x94, 0xc0], at: 21 }, 100 * 1152, 48_000],
    ["MPEG-2, mono, 22.05 kHz", { header: [0xf3, 0x80, 0xc0], at: 13 }, 100 * 576, 22_050],
    ["MPEG-2.5, stereo, 8 kHz", { header: [0xe3, 0x88, 0x00], at: 21 }, 100 * 576, 8000],
    ["behind a tag", { header: [0xfb, 0x90, 0x00], at: 36, before: 30 }, 100 * 1152, 44_100],
    ["by ffmpeg", { header: [0xfb, 0x90, 0x00], at: 36, encoder: "Lavc59.37" }, 100 * 1152, 44_100],
  ] as const)("%s", (_what, tag, samples, sampleRateHz) => {
    expect(statedLength("audio/mpeg", taggedFrame(tag))).toEqual({ samples: samples - 576 - 1000, sampleRateHz });
  });

  test("is not taken from encoders that write something else there", () => {
    expect(
      statedLength("audio/mpeg", taggedFrame({ header: [0xfb, 0x90, 0x00], at: 36, encoder: "GOGO" })),
    ).toBeUndefined();
  });

  test.each([0, 3, 30, 60, 150])("is not there in %d bytes", (length) => {
    const frame = taggedFrame({ header: [0xfb, 0x90, 0x00], at: 36 });
    expect(statedLength("audio/mpeg", frame.subarray(0, length))).toBeUndefined();
  });
});

describe("length a FLAC file states", () => {
  const streamInfo = (rateHz: number, samples: number): Uint8Array => {
    const head = new Uint8Array(42);
    head.set([0x66, 0x4c, 0x61, 0x43, 0, 0, 0, 34]);
    const view = new DataView(head.buffer);
    view.setUint32(18, (rateHz << 12) | 0x1f0 | Math.floor(samples / 2 ** 32));
    view.setUint32(22, samples % 2 ** 32);
    return head;
  };

  test.each([
    [44_100, 441_000],
    [192_000, 2 ** 33 + 5],
  ])("%d Hz, %d samples", (sampleRateHz, samples) => {
    expect(statedLength("audio/flac", streamInfo(sampleRateHz, samples))).toEqual({ samples, sampleRateHz });
  });

  test("is not there when the encoder did not know it, or the head is cut", () => {
    expect(statedLength("audio/flac", streamInfo(44_100, 0))).toBeUndefined();
    expect(statedLength("audio/flac", streamInfo(44_100, 9).subarray(0, 20))).toBeUndefined();
  });

  test("is nothing other files have at their beginning", () => {
    expect(statedLength("audio/ogg", streamInfo(44_100, 9))).toBeUndefined();
  });
});
