import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readImage } from "./read-image.ts";

const limit = 1_000_000;
const encode = (pixels: Uint8Array, width: number, channels: 1 | 3 | 4) =>
  sharp(pixels, { raw: { width, height: pixels.length / channels / width, channels } });
const blobOf = async (image: { toBuffer(): Promise<Buffer> }): Promise<Blob> =>
  new Blob([new Uint8Array(await image.toBuffer())]);

const red = [255, 0, 0];
const blue = [0, 0, 255];

describe("readImage", () => {
  test("gives red, green and blue of every pixel, rows from the top", async () => {
    const image = await readImage(await blobOf(encode(Uint8Array.of(...red, ...blue), 1, 3).png()), limit);
    expect(image).toEqual({ data: Uint8Array.of(...red, ...blue), widthPixels: 1, heightPixels: 2, pages: 1 });
  });

  test("gives three colours of a grey picture, and 8 bits of one with 16", async () => {
    const grey = sharp(new Uint16Array([0, 65_535]), { raw: { width: 2, height: 1, channels: 1 } });
    const { data } = await readImage(await blobOf(grey.toColourspace("grey16").png()), limit);
    expect([...data]).toEqual([0, 0, 0, 255, 255, 255]);
  });

  test("drops transparency as the reference does: the colour beneath counts", async () => {
    const { data } = await readImage(await blobOf(encode(Uint8Array.of(10, 20, 30, 0), 1, 4).png()), limit);
    expect([...data]).toEqual([10, 20, 30]);
  });

  test("holds a photo as EXIF says", async () => {
    const pixels = Uint8Array.from({ length: 3 * 8 * 4 }, (_, index) => (index < 48 ? 255 : 0)); // upper half white
    const jpeg = encode(pixels, 8, 3).jpeg({ quality: 100 }).withMetadata({ orientation: 6 });
    const { data, widthPixels, heightPixels } = await readImage(await blobOf(jpeg), limit);
    expect([widthPixels, heightPixels]).toEqual([4, 8]);
    expect((data[0] ?? 255) < 40 && (data[9] ?? 0) > 215).toBe(true); // turned clockwise: white is at the right
  });

  test("reads the first of several pictures and says how many there are", async () => {
    const frame = { create: { width: 3, height: 2, channels: 3, background: "red" } } as const;
    const frames = await Promise.all([sharp(frame).png().toBuffer(), sharp(frame).negate().png().toBuffer()]);
    const gif = sharp(frames, { join: { animated: true } }).gif();
    const image = await readImage(await blobOf(gif), limit);
    expect({ ...image, data: [...image.data.subarray(0, 3)] }).toEqual({
      data: red,
      widthPixels: 3,
      heightPixels: 2,
      pages: 2,
    });
  });

  test.each([
    ["nothing", new Blob([]), "SG_INPUT_EMPTY"],
    ["noise", new Blob([new Uint8Array(200).fill(7)]), "SG_INPUT_UNRECOGNISED"],
    [
      "an SVG, which may refer to files",
      new Blob(['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>']),
      "SG_INPUT_UNRECOGNISED",
    ],
    [
      "a PNG that ends in its header",
      new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0)]),
      "SG_INPUT_CORRUPT",
    ],
  ])("refuses %s", async (_what, blob, code) => {
    await expect(readImage(blob, limit)).rejects.toMatchObject({ code });
  });

  test("refuses a photo that breaks off, instead of filling it with grey", async () => {
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 256);
    const jpeg = await blobOf(encode(noise, 64, 3).jpeg());
    await expect(readImage(jpeg.slice(0, jpeg.size / 2), limit)).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT" });
  });

  test("refuses more pixels than allowed before it decodes them", async () => {
    const bomb = sharp({ create: { width: 5000, height: 5000, channels: 3, background: "white" } }).png();
    await expect(readImage(await blobOf(bomb), 5000 * 5000 - 1)).rejects.toMatchObject({
      code: "SG_INPUT_TOO_LARGE",
      hint: "Send it in a lower resolution, or raise the adapter's maxPixels.",
    });
  });
});
