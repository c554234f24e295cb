import fc from "fast-check";
import { expect, test } from "vitest";
import { shortestOf } from "./float32-number.ts";

test("every float32 is the same float32 when it is read again, from nine digits", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const number = shortestOf(value);
      expect(Math.fround(number) - value).toBe(0); // which sign a zero has, JSON does not tell
      expect(String(number).length).toBeLessThanOrEqual(String(Number(value.toPrecision(9))).length);
    }),
    { numRuns: 3000 },
  );
});

test("the steps between powers of ten are as exact as what lies between them", () => {
  const view = new DataView(new ArrayBuffer(4));
  for (const power of [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 0]) {
    view.setFloat32(0, power);
    const bits = view.getUint32(0);
    for (const neighbour of [bits - 1, bits, bits + 1]) {
      view.setUint32(0, Math.max(0, neighbour));
      const value = view.getFloat32(0);
      expect(Math.fround(shortestOf(value)) - value).toBe(0);
      expect(Math.fround(shortestOf(-value)) + value).toBe(0);
    }
  }
});
