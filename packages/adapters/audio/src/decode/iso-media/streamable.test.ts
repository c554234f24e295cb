import { describe, expect, test } from "vitest";
import { streamableIsoMedia } from "./streamable.ts";

const bytesOf = (text: string): readonly number[] => Array.from(text, (character) => character.charCodeAt(0));
const uint32 = (value: number): readonly number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
const box = (type: string, ...body: readonly (readonly number[])[]): readonly number[] => {
  const flat = body.flat();
  return [...uint32(8 + flat.length), ...bytesOf(type), ...flat];
};
const nested = (types: readonly string[], ...inner: readonly (readonly number[])[]): readonly number[] =>
  types.reduceRight<readonly (readonly number[])[]>((body, type) => [box(type, ...body)], inner).flat();

const ftyp = box("ftyp", bytesOf("M4A "), uint32(0));
const media = box("mdat", bytesOf("sound itself"));
const offsetsAt = (...offsets: readonly number[]) =>
  box("stco", uint32(0), uint32(offsets.length), ...offsets.map(uint32));
const longOffsetsAt = (...offsets: readonly number[]) =>
  box("co64", uint32(0), uint32(offsets.length), ...offsets.flatMap((offset) => [uint32(0), uint32(offset)]));
const entry = (type: string) => box("stsd", uint32(0), uint32(1), box(type, uint32(0)));
const index = (...tables: readonly (readonly number[])[]) =>
  nested(["moov", "trak", "mdia", "minf", "stbl"], ...tables);
const fileOf = (...boxes: readonly (readonly number[])[]) => new Blob([Uint8Array.from(boxes.flat())]);
const textOf = async (blob: Blob) => String.fromCharCode(...new Uint8Array(await blob.arrayBuffer()));

describe("an MP4 file for a pipe", () => {
  test("stays as it is when its index comes first", async () => {
    const file = fileOf(ftyp, index(entry("mp4a"), offsetsAt(ftyp.length + 300)), media);
    expect(await streamableIsoMedia(file)).toBe(file);
  });

  test.each([
    ["32 bits", offsetsAt, 4],
    ["64 bits", longOffsetsAt, 8],
  ])("has its index moved to the front, and its offsets of %s with it", async (_width, table, width) => {
    const soundAt = ftyp.length + 8;
    const last = index(entry("mp4a"), table(soundAt, soundAt + 6));
    const file = fileOf(ftyp, media, last);
    const moved = await textOf(await streamableIsoMedia(file));
    expect(moved.length).toBe(file.size);
    expect([moved.slice(4, 8), moved.slice(ftyp.length + 4, ftyp.length + 8)]).toEqual(["ftyp", "moov"]);
    const at = moved.indexOf(width === 4 ? "stco" : "co64") + 12;
    const offsets = [0, 1].map((place) => {
      const bytes = bytesOf(moved.slice(at + place * width + width - 4, at + place * width + width));
      return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    });
    expect(offsets.map((offset) => moved.slice(offset, offset + 6))).toEqual(["sound ", "itself"]);
  });

  test.each([
    ["breaks off before its index", [ftyp, media], "SG_INPUT_CORRUPT"],
    ["breaks off in its index", [ftyp, media, index(offsetsAt(1)).slice(0, 20)], "SG_INPUT_CORRUPT"],
    ["holds nothing", [ftyp], "SG_INPUT_CORRUPT"],
    ["has a box that is shorter than its head", [ftyp, uint32(4), bytesOf("mdat")], "SG_INPUT_CORRUPT"],
    ["is protected by iTunes", [ftyp, index(entry("drms")), media], "SG_INPUT_ENCRYPTED"],
    ["is protected by the Common Encryption scheme", [ftyp, media, index(entry("enca"))], "SG_INPUT_ENCRYPTED"],
  ])("is refused when it %s", async (_what, boxes, code) => {
    await expect(streamableIsoMedia(fileOf(...boxes))).rejects.toMatchObject({ code });
  });
});
