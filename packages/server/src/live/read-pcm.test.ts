import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPcmFormat, type PcmFormat } from "./pcm-format.ts";
import { readPcm } from "./read-pcm.ts";

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let rest = bytes;
  for (const size of sizes) {
    yield rest.subarray(0, size);
    rest = rest.subarray(size);
  }
  yield rest;
}
const mono: PcmFormat = readPcmFormat({});

describe("sound that comes in", () => {
  test("is the same samples without gaps, however it is cut", async () => {
    const format = fc.record({
      encoding: fc.constantFrom("s16le", "f32le"),
      channels: fc.integer({ min: 1, max: 3 }),
      rate: fc.constantFrom("8000", "44100"),
    });
    await fc.assert(
      fc.asyncProperty(
        format,
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 400 }),
        fc.array(fc.nat(50), { maxLength: 20 }),
        async ({ encoding, channels, rate }, values, sizes) => {
          const samples = values.slice(0, values.length - (values.length % channels));
          const bytes = Buffer.alloc(samples.length * (encoding === "s16le" ? 2 : 4));
          for (const [index, value] of samples.entries()) {
            if (encoding === "s16le") bytes.writeInt16LE(value, index * 2);
            else bytes.writeFloatLE(value / 32_768, index * 4);
          }
          const read = readPcmFormat({ encoding, rate, channels: String(channels) });
          const pieces = await Array.fromAsync(readPcm(cut(bytes, sizes), read));
          expect(pieces.flatMap((piece) => [...piece.samples])).toEqual(samples.map((value) => value / 32_768));
          let frames = 0;
          for (const { startSeconds, samples: some } of pieces) {
            expect(startSeconds).toBe(frames / Number(rate));
            frames += some.length / channels;
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("comes in pieces of at most a second", async () => {
    const pieces = await Array.fromAsync(readPcm(cut(Buffer.alloc(16_000 * 5), []), mono));
    expect(pieces.map(({ samples, startSeconds }) => [samples.length, startSeconds])).toEqual([
      [16_000, 0],
      [16_000, 1],
      [8000, 2],
    ]);
  });

  test("that ends in the middle of a sample is refused", async () => {
    await expect(Array.fromAsync(readPcm(cut(Buffer.alloc(3), []), mono))).rejects.toMatchObject({
      code: "SG_LIVE_FORMAT",
      message: expect.stringContaining("1 bytes are left") as string,
    });
  });

  test.for([{ encoding: "mp3" }, { rate: "0" }, { rate: "1e9" }, { channels: "two" }, { channels: "9" }])(
    "in the form %o is refused",
    (text) => {
      expect(() => readPcmFormat(text)).toThrow(expect.objectContaining({ code: "SG_LIVE_FORMAT" }));
    },
  );
});
