import { inflateSync, crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pixels } from "../index.ts";
import type { Pixels } from "../media-values.ts";
import { readImageHeader } from "../media/image-header.ts";
import { writePng } from "./png-writer.ts";

const anyPixels = fc
  .tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(1 as const, 3 as const, 4 as const),
  )
  .chain(([widthPixels, heightPixels, channels]) => {
    const length = widthPixels * heightPixels * channels;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data): Pixels => ({ data: Uint8Array.from(data), widthPixels, heightPixels, channels }));
  });

/** Chunks of a PNG, their checksums verified by another implementation. */
async function chunksOf(png: Blob): Promise<readonly { readonly type: string; readonly body: Buffer }[]> {
  const bytes = Buffer.from(await png.arrayBuffer());
  const chunks: { type: string; body: Buffer }[] = [];
  for (let offset = 8; offset < bytes.length;) {
    const length = bytes.readUInt32BE(offset);
    const body = bytes.subarray(offset + 8, offset + 8 + length);
    expect(bytes.readUInt32BE(offset + 8 + length)).toBe(crc32(bytes.subarray(offset + 4, offset + 8 + length)));
    chunks.push({ type: bytes.toString("latin1", offset + 4, offset + 8), body });
    offset += 12 + length;
  }
  return chunks;
}

describe("writePng", () => {
  it("writes pixels that read back as they were", async () => {
    await fc.assert(
      fc.asyncProperty(anyPixels, async (value) => {
        const chunks = await chunksOf(await writePng(value));
        const rows = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ body }) => body)));
        const stride = value.widthPixels * value.channels;
        const read = new Uint8Array(value.data.length);
        for (let row = 0; row < value.heightPixels; row++) {
          expect(rows[row * (stride + 1)]).toBe(2);
          for (let index = 0; index < stride; index++) {
            const above = row === 0 ? 0 : (read[(row - 1) * stride + index] ?? 0);
            read[row * stride + index] = (rows[row * (stride + 1) + 1 + index] ?? 0) + above;
          }
        }
        expect(read).toEqual(value.data);
      }),
      { numRuns: 50 },
    );
  });

  it("states size and resolution", async () => {
    const png = await writePng({ data: new Uint8Array(6), widthPixels: 2, heightPixels: 3, channels: 1, dpi: 300 });
    expect(await readImageHeader(png, "image/png")).toEqual({ widthPixels: 2, heightPixels: 3, pages: 1 });
    const resolution = (await chunksOf(png)).find(({ type }) => type === "pHYs")?.body;
    expect([resolution?.readUInt32BE(0), resolution?.readUInt8(8)]).toEqual([11_811, 1]);
  });
});

describe("pixels", () => {
  it("travel as JSON and back", async () => {
    const context = {
      signal: new AbortController().signal,
      offload: () => Promise.reject(new TypeError("no offload here")),
    };
    const codec = pixels.codecs["application/json"];
    const value: Pixels = {
      data: Uint8Array.from({ length: 70_000 }, (_, index) => index),
      widthPixels: 700,
      heightPixels: 100,
      channels: 1,
      dpi: 72,
    };
    const written = (await codec?.encode?.(value, context)) as string;
    expect(await codec?.decode?.(new Blob([written]), context)).toEqual(value);
    await expect(
      codec?.decode?.(new Blob([written.replace('"heightPixels":100', '"heightPixels":101')]), context),
    ).rejects.toThrow("Pixels carry 70000 bytes; 700 x 101 x 1 needs 70700");
  });
});
