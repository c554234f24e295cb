import { createPortableHost } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { decodeWithGeotiff } from "../../native/geotiff.ts";
import { openBand } from "../open-band.ts";
import { jpegTiff, lercDeflateTiff, lercTiff, zstdTiff } from "./rare-encodings.fixture.ts";

const { fetch, offload } = createPortableHost();
const context = { fetch, offload, signal: new AbortController().signal };

async function read(base64: string): Promise<readonly number[]> {
  const blob = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
  const band = await openBand({ name: "b", holds: "other", sample: 0, source: { kind: "file", blob } }, context);
  return [...(await band.readWindow({ column: 0, row: 0, widthPixels: 16, heightPixels: 16 }))];
}

const numbers = Array.from({ length: 256 }, (_, index) => 10 * (index % 16) + Math.floor(index / 16));

describe("files of GDAL in encodings of their own", () => {
  it("are read exactly in LERC, plain and deflated, and in ZSTD", async () => {
    const tenths = numbers.map((number) => Math.fround(number / 10));
    expect(await read(lercTiff)).toEqual(tenths);
    expect(await read(lercDeflateTiff)).toEqual(tenths);
    expect(await read(zstdTiff)).toEqual(numbers);
  });

  it("are read in JPEG to what that leaves of them", async () => {
    const decoded = await read(jpegTiff);
    expect(Math.max(...decoded.map((value, index) => Math.abs(value - (numbers[index] ?? 0))))).toBeLessThanOrEqual(4);
  });

  it("are read in ZSTD by geotiff.js where Node has none", async () => {
    // A frame of ZSTD with the four bytes "tile", stored.
    const frame = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 4, 0x21, 0, 0, ...new TextEncoder().encode("tile")]);
    const decoded = await decodeWithGeotiff(frame, { compression: "zstd", wantedBytes: 4, chunkSamples: 1 });
    expect(new TextDecoder().decode(decoded)).toBe("tile");
  });
});
