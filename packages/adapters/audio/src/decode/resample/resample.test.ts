import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planResampling } from "./plan-resampling.ts";
import { outputLength } from "./resample.ts";
import { createStreamResampler } from "./stream-resampler.ts";

const rates = fc.constantFrom(8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000);
const tone = (hertz: number, rateHz: number, samples: number) =>
  Float32Array.from({ length: samples }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / rateHz));

function resampleIn(sizes: readonly number[], samples: Float32Array, from: number, to: number): Float32Array {
  const resampler = createStreamResampler(from, to);
  const output: number[] = [];
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    output.push(...resampler.push(samples.subarray(at, at + size)));
    at += size;
  }
  return Float32Array.from([...output, ...resampler.end()]);
}

describe("resampling", () => {
  test("chunked equals whole, bit by bit, however it is cut", () => {
    fc.assert(
      fc.property(
        rates,
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 }),
        fc.nat(20_000),
        (rateHz, sizes, length) => {
          const samples = Float32Array.from({ length }, (_, index) => Math.sin(index * index * 1e-4));
          const whole = resampleIn([length + 1], samples, rateHz, 16_000);
          expect(resampleIn(sizes, samples, rateHz, 16_000)).toEqual(whole);
          expect(whole.length).toBe(length === 0 ? 0 : outputLength(planResampling(rateHz, 16_000), length));
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([8000, 44_100, 48_000, 192_000])("a tone of 1 kHz at %d Hz is the same tone at 16 kHz", (rateHz) => {
    const output = resampleIn([rateHz], tone(1000, rateHz, rateHz), rateHz, 16_000);
    expect(Math.abs(output.length - 16_000)).toBeLessThanOrEqual(1);
    const wanted = tone(1000, 16_000, 16_000);
    // The filter lets the pass band through within -80 dB; the ends are mirrored, which a tone is not.
    for (let index = 200; index < 15_800; index++)
      expect(Math.abs((output[index] ?? 0) - (wanted[index] ?? 0))).toBeLessThan(1e-4);
  });

  test("a tone that 16 kHz cannot hold is gone, and not folded back", () => {
    const output = resampleIn([48_000], tone(10_000, 48_000, 48_000), 48_000, 16_000);
    expect(Math.max(...output.slice(200, -200).map(Math.abs))).toBeLessThan(1e-4);
  });

  test("the same rate is passed on as it is", () => {
    const samples = tone(440, 16_000, 100);
    expect(resampleIn([7], samples, 16_000, 16_000)).toEqual(samples);
  });
});
