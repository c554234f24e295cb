import fc from "fast-check";
import type { TensorMap } from "@stargate/kernel";
import { expect, test } from "vitest";
import type { FromHost } from "./host-messages.ts";
import { createFrameReader } from "./read-frames.ts";
import { writeFrame } from "./write-frame.ts";

const bytesOf = (messages: readonly FromHost[]): Buffer =>
  Buffer.concat(messages.flatMap((one) => [...writeFrame(one)]));

function readAll(bytes: Uint8Array, cuts: readonly number[]): FromHost[] {
  const messages: FromHost[] = [];
  const read = createFrameReader<FromHost>((message) => messages.push(message));
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    read(bytes.subarray(from, to));
    from = to;
  }
  return messages;
}

const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed());
const tensor = fc.oneof(
  fc.float32Array({ maxLength: 9 }).map((data) => ({ dtype: "float32" as const, shape: [data.length], data })),
  fc.bigInt64Array({ maxLength: 9 }).map((data) => ({ dtype: "int64" as const, shape: [data.length], data })),
  fc.uint16Array({ maxLength: 9 }).map((data) => ({ dtype: "float16" as const, shape: [data.length], data })),
  fc.array(text, { maxLength: 9 }).map((data) => ({ dtype: "string" as const, shape: [data.length], data })),
);
const message: fc.Arbitrary<FromHost> = fc.oneof(
  fc.constant({ type: "ready" as const }),
  fc.record({
    type: fc.constant("ran" as const),
    id: fc.nat(),
    runMs: fc.nat(),
    memoryBytes: fc.nat(),
    tensors: fc.dictionary(
      fc.string({ maxLength: 5 }).filter((name) => name !== "__proto__"),
      tensor,
      { noNullPrototype: true },
    ),
  }),
);

test("messages arrive as they were sent, however the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 4 }), fc.array(fc.nat(), { maxLength: 8 }), (messages, cuts) => {
      expect(readAll(bytesOf(messages), cuts)).toEqual(messages);
    }),
  );
});

test("values are written where they lie, and arrive in memory of their own", () => {
  const data = Float32Array.of(1, 2, 3);
  const tensors: TensorMap = {
    x: { dtype: "float32", shape: [3], data },
    e: { dtype: "int8", shape: [0], data: new Int8Array() },
  };
  const chunks = writeFrame({ type: "ran", id: 1, runMs: 0, memoryBytes: 0, tensors });
  expect(chunks[1]?.buffer).toBe(data.buffer);
  const [arrived] = readAll(Buffer.concat(chunks), []) as Extract<FromHost, { type: "ran" }>[];
  const values = arrived?.tensors["x"]?.data;
  expect(ArrayBuffer.isView(values) && values.buffer.byteLength).toBe(12);
});

test("bytes that are no frame are refused", () => {
  const read = createFrameReader(() => undefined);
  expect(() => read(Buffer.from("\x04\0\0\0what"))).toThrow(SyntaxError);
});
