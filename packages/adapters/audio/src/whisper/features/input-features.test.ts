import fc from "fast-check";
import { expect, test } from "vitest";
import { inputFeatures } from "./input-features.ts";

const energy = fc.double({ min: -10, max: 3, noNaN: true });

// The bound of live sound, which does not know how loud the recording will get.
test("who knows the maximum too early is off by a quarter of what it rises, and only 80 dB below it", () => {
  fc.assert(
    fc.property(
      fc.array(energy, { minLength: 1, maxLength: 40 }),
      energy,
      fc.double({ min: 0, max: 4, noNaN: true }),
      (values, early, rise) => {
        const maximum = Math.max(early, ...values);
        const window = { values: Float32Array.from(values), mels: 1 };
        const known = inputFeatures({ ...window, maximum: maximum + rise }, values.length);
        const heard = inputFeatures({ ...window, maximum }, values.length);
        for (const [index, value] of window.values.entries()) {
          const off = (known[index] ?? 0) - (heard[index] ?? 0);
          expect(off).toBeGreaterThanOrEqual(-1e-6);
          expect(off).toBeLessThanOrEqual((value < maximum + rise - 8 ? rise / 4 : 0) + 1e-6);
        }
      },
    ),
  );
});
