import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pcm } from "../index.ts";
import type { Pcm } from "./pcm-schema.ts";

const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const json = pcm.codecs["application/json"];
const pieces = fc.record({
  samples: fc
    .array(fc.float({ noNaN: true, min: -2, max: 2 }), { maxLength: 40 })
    .map((values) => Float32Array.from([...values, ...values])),
  sampleRateHz: fc.constantFrom(8000, 16_000, 48_000),
  channels: fc.constantFrom(1, 2),
  startSeconds: fc.constantFrom(0, 1.5),
});

describe("pcm", () => {
  it("travels as JSON and back, bit by bit", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (value) => {
        const written = (await json?.encode?.(value, context)) as string;
        expect(await json?.decode?.(new Blob([written]), context)).toEqual(value);
      }),
    );
  });

  it("is refused when the samples are no whole number of frames", async () => {
    const written = (await json?.encode?.(
      { samples: new Float32Array(3), sampleRateHz: 8000, channels: 1, startSeconds: 0 },
      context,
    )) as string;
    await expect(
      json?.decode?.(new Blob([written.replace('"channels":1', '"channels":2')]), context),
    ).rejects.toMatchObject({ code: "SG_INPUT_INVALID" });
  });

  it("is measured in seconds, and lies where it begins", () => {
    const value: Pcm = { samples: new Float32Array(32_000), sampleRateHz: 16_000, channels: 2, startSeconds: 3 };
    expect([pcm.measureOf(value), pcm.timeOf?.(value), pcm.sizeOf?.(value)]).toEqual([1, 3, 128_064]);
    expect(pcm.describe(value)).toEqual({ durationSeconds: 1, sampleRateHz: 16_000, channels: 2, startSeconds: 3 });
  });

  it("is written as a WAV file of floats", async () => {
    const value: Pcm = { samples: Float32Array.of(0.25, -1), sampleRateHz: 8000, channels: 2, startSeconds: 0 };
    const file = (await pcm.codecs["audio/wav"]?.encode?.(value, context)) as Blob;
    const view = new DataView(await file.arrayBuffer());
    const text = (offset: number) => String.fromCharCode(...new Uint8Array(view.buffer, offset, 4));
    expect([text(0), text(8), text(12), text(38), text(50)]).toEqual(["RIFF", "WAVE", "fmt ", "fact", "data"]);
    expect([view.getUint32(4, true), view.getUint16(20, true), view.getUint16(22, true)]).toEqual([58, 3, 2]);
    expect([view.getUint32(24, true), view.getUint32(46, true), view.getUint32(54, true)]).toEqual([8000, 1, 8]);
    expect([view.getFloat32(58, true), view.getFloat32(62, true)]).toEqual([0.25, -1]);
  });
});
