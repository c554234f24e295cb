import { describe, expect, test } from "vitest";
import { decodeAll } from "../../../test/decode-all.ts";
import { type SampleFormat, writeTestWav } from "../../../test/wav-writer.ts";
import { mixWeights } from "./mix-weights.ts";
import { readWavHeader } from "./wav-header.ts";

const wave = (frame: number, channel: number): number => Math.sin(frame / 9 + channel) * 0.7;
const own = { adapter: { decoder: "own" as const } };

describe("WAV", () => {
  test.each<[SampleFormat, number]>([
    ["u8", 2 ** -7],
    ["s16", 2 ** -15],
    ["s24", 2 ** -23],
    ["s32", 2 ** -24],
    ["f32", 2 ** -24],
    ["f64", 2 ** -24],
  ])("in %s is read within the steps it was written in", async (format, step) => {
    const blob = writeTestWav({ sampleRateHz: 16_000, channels: 1, format, frames: 1000, amplitude: wave });
    const { samples, recorded } = await decodeAll(blob, own);
    expect(samples.length).toBe(1000);
    // Rounding is half a step; that full scale is written as 2^(bits-1) - 1 and read as 2^(bits-1) is up to another.
    for (const [frame, value] of samples.entries())
      expect(Math.abs(value - wave(frame, 0))).toBeLessThanOrEqual(1.5 * step);
    expect(recorded.facts).toEqual({ decoder: "wav", mediaType: "audio/wav" });
    expect(recorded.coverage).toEqual([{ done: 1000 / 16_000, of: 1000 / 16_000 }]);
  });

  test("of two channels is their mean, whatever stands between format and samples", async () => {
    const blob = writeTestWav({
      sampleRateHz: 16_000,
      channels: 2,
      format: "f32",
      frames: 50,
      amplitude: (frame, channel) => (channel === 0 ? 0.5 : frame / 64),
      extraChunk: "INFOISFT\u0005\0\0\0test\0",
    });
    const { samples } = await decodeAll(blob, own);
    expect(samples).toEqual(Float32Array.from({ length: 50 }, (_, frame) => 0.25 + frame / 128));
  });

  test("comes in pieces of a few seconds, each with the second it begins at", async () => {
    const blob = writeTestWav({ sampleRateHz: 8000, channels: 1, format: "s16", frames: 8000 * 45, amplitude: wave });
    const { pieces, samples } = await decodeAll(blob, own);
    expect(pieces.map(({ startSeconds }) => startSeconds)).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44]);
    expect(samples.length).toBe(45 * 16_000);
    // No seams: the wave goes on where pieces of 4 s and of 20 s meet.
    for (const second of [4, 20, 40])
      for (let at = second * 16_000 - 20; at < second * 16_000 + 20; at++)
        expect(Math.abs((samples[at] ?? 0) - wave(at / 2, 0))).toBeLessThan(1e-3);
  });

  test("that breaks off says how long it should be", async () => {
    const whole = writeTestWav({ sampleRateHz: 16_000, channels: 1, format: "s16", frames: 32_000, amplitude: wave });
    const { recorded, samples } = await decodeAll(whole.slice(0, 44 + 16_001), own);
    expect(samples.length).toBe(8000);
    expect(recorded.coverage).toEqual([
      { done: 0.5, of: 2, missing: [{ what: "0.50-2.00 s", reason: "the recording breaks off" }] },
    ]);
    expect(recorded.issues.map(({ code }) => code)).toEqual(["SG_AUDIO_INCOMPLETE"]);
  });

  test.each([0, 0xffffffff])(
    "of which the length was not known when it began (%d) is read to its end",
    async (claimedBytes) => {
      const wav = {
        sampleRateHz: 16_000,
        channels: 1,
        format: "s16",
        frames: 160,
        amplitude: wave,
        claimedBytes,
      } as const;
      const { samples, recorded } = await decodeAll(writeTestWav(wav), own);
      expect([samples.length, recorded.coverage]).toEqual([160, [{ done: 0.01, of: 0.01 }]]);
    },
  );

  test("above 4 GiB says its length in another place (RF64)", async () => {
    const bytes = new Uint8Array(
      await writeTestWav({ sampleRateHz: 8000, channels: 1, format: "s16", frames: 8, amplitude: wave }).arrayBuffer(),
    );
    const ds64 = new DataView(new ArrayBuffer(36));
    for (const [index, letter] of Array.from("ds64").entries()) ds64.setUint8(index, letter.charCodeAt(0));
    ds64.setUint32(4, 28, true);
    ds64.setBigUint64(16, 10_000_000_000n, true);
    bytes.set(new TextEncoder().encode("RF64"));
    new DataView(bytes.buffer).setUint32(40, 0xffffffff, true);
    const header = await readWavHeader(new Blob([bytes.slice(0, 12), ds64, bytes.slice(12)]));
    expect([header.dataBytes, header.dataStart, header.sampleRateHz]).toEqual([10_000_000_000, 80, 8000]);
  });

  test.each([
    ["cut in its format", (bytes: Uint8Array) => bytes.slice(0, 30)],
    ["without samples", (bytes: Uint8Array) => bytes.slice(0, 36)],
    ["of no channels", (bytes: Uint8Array) => bytes.with(22, 0)],
    ["of 0 Hz", (bytes: Uint8Array) => bytes.with(25, 0).with(24, 0)],
  ])("%s is refused", async (_what, damage) => {
    const wav = writeTestWav({ sampleRateHz: 8000, channels: 1, format: "s16", frames: 8, amplitude: wave });
    const bytes = damage(new Uint8Array(await wav.arrayBuffer()));
    await expect(decodeAll(new Blob([new Uint8Array(bytes)]), own)).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT" });
  });
});

describe("mixing", () => {
  test.each([
    [1, 0, [1]],
    [2, 0, [0.5, 0.5]],
    [6, 0x3f, [0.2071, 0.2071, 0.2929, 0, 0.1464, 0.1464]],
    [6, 0, [0.2071, 0.2071, 0.2929, 0, 0.1464, 0.1464]],
    [11, 0, Array.from({ length: 11 }, () => 1 / 11)],
  ])("%d channels (mask %d) adds up to 1, by their places", (channels, mask, wanted) => {
    const weights = mixWeights(channels, mask);
    expect(weights.map((weight) => Number(weight.toFixed(4)))).toEqual(
      wanted.map((weight) => Number(weight.toFixed(4))),
    );
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });
});
