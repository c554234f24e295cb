import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameReader, type Incoming } from "./frame-reader.ts";

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly isLast?: boolean;
  /** Length field to use although a shorter one would do, and other ways to be wrong. */
  readonly first?: number;
  readonly isMasked?: boolean;
}

/** A frame as a client sends it. */
function frame({ opcode, payload, isLast = true, first, isMasked = true }: Frame): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first ?? (isLast ? 0x80 : 0) | opcode;
  head[1] = (isMasked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  const mask = isMasked ? randomBytes(4) : Buffer.alloc(0);
  const masked = isMasked ? payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)) : payload;
  return Buffer.concat([head, mask, masked]);
}

const read = (bytes: Buffer, maxMessageBytes = 2 ** 20): Incoming[] => [
  ...new FrameReader(maxMessageBytes).read(bytes),
];
const closeCodeOf = (bytes: Buffer, maxMessageBytes?: number): unknown => {
  try {
    read(bytes, maxMessageBytes);
    return "none";
  } catch (error) {
    return (error as { details: { closeCode: number } }).details.closeCode;
  }
};
const text = (value: string) => Buffer.from(value);

describe("frames of a client", () => {
  test("are the examples of RFC 6455, 5.7", () => {
    const hello = Buffer.from([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
    expect(read(hello)).toEqual([{ kind: "text", text: "Hello" }]);
    const pong = Buffer.from([0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
    expect(read(pong)).toEqual([{ kind: "pong", bytes: text("Hello") }]);
  });

  test("say the same, however they are cut into fragments and chunks, with pings in between", () => {
    const message = fc.record({
      isText: fc.boolean(),
      content: fc.string({ unit: "grapheme", maxLength: 300 }),
      cuts: fc.array(fc.nat(400), { maxLength: 3 }),
      repeats: fc.constantFrom(1, 1, 1, 700),
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 3000 })),
        (messages, chunks) => {
          const sent: Incoming[] = [];
          const frames = messages.flatMap(({ isText, content, cuts, repeats }) => {
            const bytes = text(content.repeat(repeats));
            const places = [
              0,
              ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b),
              bytes.length,
            ];
            const parts = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
            for (const _ping of parts.slice(1)) sent.push({ kind: "ping", bytes: text("p") });
            sent.push(isText ? { kind: "text", text: bytes.toString() } : { kind: "bytes", bytes });
            return parts.flatMap((payload, index) => [
              ...(index === 0 ? [] : [frame({ opcode: 9, payload: text("p") })]),
              frame({ opcode: index > 0 ? 0 : isText ? 1 : 2, payload, isLast: index === parts.length - 1 }),
            ]);
          });
          const reader = new FrameReader(2 ** 20);
          const got: Incoming[] = [];
          let bytes = Buffer.concat(frames);
          for (const size of chunks) {
            got.push(...reader.read(bytes.subarray(0, size)));
            bytes = bytes.subarray(size);
          }
          got.push(...reader.read(bytes));
          expect(got).toEqual(sent);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("may say good-bye with a code and a reason", () => {
    const payload = Buffer.concat([Buffer.from([0x03, 0xe8]), text("bye")]);
    expect(read(frame({ opcode: 8, payload }))).toEqual([{ kind: "close", code: 1000, reason: "bye" }]);
    expect(read(frame({ opcode: 8, payload: text("") }))).toEqual([{ kind: "close", code: undefined, reason: "" }]);
  });

  test("that are whole but for one byte say nothing yet", () => {
    const bytes = frame({ opcode: 2, payload: Buffer.alloc(70_000, 7) });
    const reader = new FrameReader(2 ** 20);
    expect([...reader.read(bytes.subarray(0, -1))]).toEqual([]);
    expect([...reader.read(bytes.subarray(-1))]).toHaveLength(1);
  });

  test.for([
    ["is not masked", frame({ opcode: 1, payload: text("x"), isMasked: false }), 1002],
    ["has a reserved bit", frame({ opcode: 1, payload: text("x"), first: 0xc1 }), 1002],
    ["has an opcode that there is not", frame({ opcode: 3, payload: text("x") }), 1002],
    ["has a control opcode that there is not", frame({ opcode: 11, payload: text("x") }), 1002],
    ["is a ping in fragments", frame({ opcode: 9, payload: text("x"), isLast: false }), 1002],
    ["is a ping that is too long", frame({ opcode: 9, payload: Buffer.alloc(126) }), 1002],
    ["goes on with nothing", frame({ opcode: 0, payload: text("x") }), 1002],
    [
      "interrupts a message",
      Buffer.concat([
        frame({ opcode: 1, payload: text("x"), isLast: false }),
        frame({ opcode: 1, payload: text("y") }),
      ]),
      1002,
    ],
    ["has half a close code", frame({ opcode: 8, payload: Buffer.from([3]) }), 1002],
    ["has a close code that is never sent", frame({ opcode: 8, payload: Buffer.from([0x03, 0xed]) }), 1002],
    ["is no UTF-8", frame({ opcode: 1, payload: Buffer.from([0xc3, 0x28]) }), 1007],
    ["is too long", frame({ opcode: 2, payload: Buffer.alloc(101) }), 1009],
    [
      "is too long in fragments",
      Buffer.concat([
        frame({ opcode: 2, payload: Buffer.alloc(60), isLast: false }),
        frame({ opcode: 0, payload: Buffer.alloc(60) }),
      ]),
      1009,
    ],
    ["says that it is longer than anything", Buffer.from([0x82, 0xff, ...Array<number>(8).fill(0xff)]), 1009],
  ] as const)("one that %s is refused", ([, bytes, code]) => {
    expect(closeCodeOf(bytes, 100)).toBe(code);
  });
});
