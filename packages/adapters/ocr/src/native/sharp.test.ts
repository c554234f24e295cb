import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { writePgm, writeTiff } from "../../../../../test/support/image-writers.ts";
import { decodeGray, decodePixels, readImageInfo, readOrientation, resizeGray, rotateGray } from "./sharp.ts";

const limit = 1_000_000;
const encode = (pixels: Uint8Array, width: number, channels: 1 | 3 | 4) =>
  sharp(pixels, { raw: { width, height: pixels.length / channels / width, channels } });
const bytesOf = async (image: { toBuffer(): Promise<Buffer> }): Promise<Uint8Array> =>
  new Uint8Array(await image.toBuffer());

describe("decoding", () => {
  test("puts transparent pixels on white", async () => {
    const png = await bytesOf(encode(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255), 2, 4).png());
    expect([...(await decodeGray(png, 0, limit)).data]).toEqual([255, 0]);
  });

  test("looks at the picture as EXIF says it is to be held", async () => {
    const jpeg = await bytesOf(
      encode(new Uint8Array(3 * 8 * 4).fill(128), 8, 3)
        .jpeg()
        .withMetadata({ orientation: 6 }),
    );
    expect(await readImageInfo(jpeg, 0)).toMatchObject({ widthPixels: 4, heightPixels: 8 });
    expect(await decodeGray(jpeg, 0, limit)).toMatchObject({ widthPixels: 4, heightPixels: 8 });
    expect(await readOrientation(jpeg)).toEqual({ widthPixels: 8, heightPixels: 4, orientation: 6 });
  });

  test("keeps colours where they are wanted, and grey grey", async () => {
    expect(await decodePixels(await bytesOf(encode(Uint8Array.of(255, 0, 0), 1, 3).png()), 0, limit)).toEqual({
      data: Uint8Array.of(255, 0, 0),
      widthPixels: 1,
      heightPixels: 1,
      channels: 3,
    });
    const gray = await bytesOf(encode(Uint8Array.of(7, 9), 2, 1).toColourspace("b-w").png());
    expect(await decodePixels(gray, 0, limit)).toEqual({
      data: Uint8Array.of(7, 9),
      widthPixels: 2,
      heightPixels: 1,
      channels: 1,
    });
  });

  test("takes 16 bits down to 8", async () => {
    const png = await bytesOf(
      sharp(new Uint16Array([0, 65_535]), { raw: { width: 2, height: 1, channels: 1 } })
        .toColourspace("grey16")
        .png(),
    );
    expect([...(await decodeGray(png, 0, limit)).data]).toEqual([0, 255]);
  });

  test("finds the pages of a TIFF and its resolution", async () => {
    const page = (value: number) => ({ data: new Uint8Array(6).fill(value), widthPixels: 3, heightPixels: 2 });
    const tiff = writeTiff([page(10), page(20)]);
    expect(await readImageInfo(tiff, 1)).toEqual({ pages: 2, widthPixels: 3, heightPixels: 2, dpi: 300 });
    expect([...(await decodeGray(tiff, 1, limit)).data]).toEqual([20, 20, 20, 20, 20, 20]);
  });

  test("refuses more pixels than allowed, of any format", async () => {
    const image = { data: new Uint8Array(200), widthPixels: 20, heightPixels: 10 };
    for (const bytes of [writePgm(image), await bytesOf(encode(image.data, 20, 1).png())]) {
      await expect(decodeGray(bytes, 0, 199)).rejects.toMatchObject({ code: "SG_INPUT_TOO_LARGE" });
    }
  });
});

test("a clockwise rotation takes the right edge down", async () => {
  const image = { data: new Uint8Array(101 * 101).fill(255), widthPixels: 101, heightPixels: 101 };
  image.data.fill(0, 50 * 101 + 85, 50 * 101 + 95); // a dash at the right of the middle
  const turned = await rotateGray(image, 10);
  const darkest = turned.data.indexOf(Math.min(...turned.data));
  expect(Math.floor(darkest / turned.widthPixels)).toBeGreaterThan(turned.heightPixels / 2 + 3);
  expect(turned.widthPixels).toBeGreaterThan(101);
});

test("resizing gives the size asked for", async () => {
  const { data, ...size } = await resizeGray(
    { data: new Uint8Array(6).fill(90), widthPixels: 3, heightPixels: 2 },
    7,
    5,
  );
  expect(size).toEqual({ widthPixels: 7, heightPixels: 5 });
  expect([...new Set(data)]).toEqual([90]);
});
