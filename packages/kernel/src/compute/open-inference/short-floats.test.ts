import fc from "fast-check";
import { expect, test } from "vitest";
import { bfloat16, float16, fromShortFloat, toShortFloat } from "./short-floats.ts";

const formats = [
  ["float16", float16],
  ["bfloat16", bfloat16],
] as const;
const allBits = Array.from({ length: 0x10000 }, (_, bits) => bits);

test.for(formats)("every %s keeps its bits, but a NaN may change them", ([, format]) => {
  const changed = allBits.filter((bits) => {
    const value = fromShortFloat(format, bits);
    return !Number.isNaN(value) && toShortFloat(format, value) !== bits;
  });
  expect(changed).toEqual([]);
});

test("float16 has the values of IEEE 754 binary16", () => {
  const known = {
    0x0001: 2 ** -24,
    0x03ff: 1023 * 2 ** -24,
    0x0400: 2 ** -14,
    0x3555: 1365 / 4096,
    0xc000: -2,
    0x7bff: 65_504,
  };
  for (const [bits, value] of Object.entries(known)) expect(fromShortFloat(float16, Number(bits))).toBe(value);
  expect([0x8000, 0x7c00, 0xfc00, 0x7e00].map((bits) => fromShortFloat(float16, bits))).toEqual([
    -0,
    Infinity,
    -Infinity,
    NaN,
  ]);
});

test("bfloat16 has the values of the upper half of a float32", () => {
  const view = new DataView(new ArrayBuffer(4));
  const different = allBits.filter((bits) => {
    view.setUint16(0, bits);
    return !Object.is(fromShortFloat(bfloat16, bits), view.getFloat32(0));
  });
  expect(different).toEqual([]);
});

test("numbers are rounded to the nearest float16, ties to even", () => {
  // By looking at them all: the finite ones from zero up, and what the next one would be.
  const values = [...allBits.slice(0, 0x7c00).map((bits) => fromShortFloat(float16, bits)), 65_536];
  const nearest = (value: number): number => {
    const distances = values.map((candidate) => Math.abs(candidate - value));
    const least = Math.min(...distances);
    const [first, second] = distances.flatMap((distance, bits) => (distance === least ? [bits] : []));
    return second === undefined || first! % 2 === 0 ? first! : second;
  };
  const near = fc.oneof(
    fc.double({ min: 0, max: 70_000, noNaN: true }),
    fc.double({ min: 0, max: 1e-4, noNaN: true }),
    fc.double({ min: 0, max: 2, noNaN: true }),
  );
  const halfway = fc.nat({ max: 0x7bff }).map((bits) => (values[bits]! + values[bits + 1]!) / 2);
  fc.assert(
    fc.property(fc.oneof(near, halfway), (value) => {
      expect(toShortFloat(float16, value)).toBe(nearest(value));
      expect(toShortFloat(float16, -value)).toBe(0x8000 + nearest(value));
    }),
    { numRuns: 300 },
  );
});
