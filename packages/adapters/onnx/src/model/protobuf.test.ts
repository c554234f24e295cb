import fc from "fast-check";
import { expect, test } from "vitest";
import { readFields, writeField } from "./protobuf.ts";

const id = fc.integer({ min: 1, max: 100_000 });
const value = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 300 }),
);

test("what is written is read", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, value), { maxLength: 8 }), (fields) => {
      const bytes = Uint8Array.from(fields.flatMap(([field, content]) => writeField(field, content)));
      const read = [...readFields(bytes)].map((field) => [
        field.id,
        typeof field.value === "number" ? field.value : [...field.value],
      ]);
      expect(read).toEqual(fields);
    }),
  );
});

test("text is written as UTF-8", () => {
  expect(writeField(2, "ü")).toEqual([18, 2, 0xc3, 0xbc]);
});

test("any bytes are read or refused, never more than there are", () => {
  const lengthRead = (bytes: Uint8Array) => {
    try {
      const lengths = [...readFields(bytes)].map(({ value: read }) => (typeof read === "number" ? 1 : read.length));
      return lengths.reduce((sum, length) => sum + length, 0);
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const read = lengthRead(bytes);
      expect(typeof read === "number" ? read <= bytes.length : read === "SG_COMPUTE_MODEL").toBe(true);
    }),
  );
});

test("fixed-width fields are passed over", () => {
  expect([...readFields(Uint8Array.of(0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x18, 9))]).toEqual([
    { id: 3, value: 9 },
  ]);
});
