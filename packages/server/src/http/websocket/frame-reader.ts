import { isUtf8 } from "node:buffer";
import { fail } from "../../errors/live-errors.ts";

/** A message of the client. */
export type Message =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Buffer };

/** What a client sends, whole and unmasked. */
export type Incoming =
  | Message
  | { readonly kind: "ping"; readonly bytes: Buffer }
  | { readonly kind: "pong"; readonly bytes: Buffer }
  | { readonly kind: "close"; readonly code: number | undefined; readonly reason: string };

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/**
 * Reads frames of RFC 6455 from a client's bytes, however they are cut: section 5.2 (framing), 5.4 (fragments), 5.5
 * (control frames), 8.1 (UTF-8). No extensions. Throws SG_LIVE_FRAME; `details.closeCode` is what to close with.
 */
export class FrameReader {
  readonly #maxMessageBytes: number;
  #held: Buffer = Buffer.alloc(0);
  /** Frames of a message whose last has not come yet. */
  #fragments: Buffer[] = [];
  #fragmentBytes = 0;
  #opcode = CONTINUATION;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Takes the next bytes; gives what they have completed. */
  *read(chunk: Buffer): Generator<Incoming> {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) {
      const incoming = frame.opcode >= CLOSE ? controlOf(frame) : this.#dataOf(frame);
      if (incoming !== undefined) yield incoming;
    }
  }

  #nextFrame(): Frame | undefined {
    const bytes = this.#held;
    const [first, second] = bytes;
    if (first === undefined || second === undefined) return undefined;
    const opcode = first & 0x0f;
    const isLast = (first & 0x80) !== 0;
    if ((first & 0x70) !== 0) throw fault(1002, "A reserved bit is set");
    if ((second & 0x80) === 0) throw fault(1002, "A frame of a client is not masked");
    if (opcode >= CLOSE && (!isLast || (second & 0x7f) > 125)) throw fault(1002, "A control frame is cut or too long");
    const size = sizeOf(bytes, second & 0x7f);
    if (size === undefined) return undefined;
    const { payloadBytes, headBytes } = size;
    if (opcode < CLOSE && this.#fragmentBytes + payloadBytes > this.#maxMessageBytes)
      throw fault(1009, `A message has more than ${this.#maxMessageBytes} bytes`);
    const start = headBytes + 4;
    if (bytes.length < start + payloadBytes) return undefined;
    const payload = unmasked(bytes.subarray(start, start + payloadBytes), bytes.subarray(headBytes, start));
    this.#held = bytes.subarray(start + payloadBytes);
    return { isLast, opcode, payload };
  }

  #dataOf({ isLast, opcode, payload }: Frame): Incoming | undefined {
    if (opcode > BINARY) throw fault(1002, `There is no opcode ${opcode}`);
    const isBegun = this.#opcode !== CONTINUATION;
    if (isBegun === (opcode !== CONTINUATION))
      throw fault(1002, isBegun ? "A message is interrupted" : "A message has no beginning");
    if (opcode !== CONTINUATION) this.#opcode = opcode;
    this.#fragments.push(payload);
    this.#fragmentBytes += payload.length;
    if (!isLast) return undefined;
    const whole = this.#fragments.length === 1 ? payload : Buffer.concat(this.#fragments);
    const isText = this.#opcode === TEXT;
    this.#fragments = [];
    this.#fragmentBytes = 0;
    this.#opcode = CONTINUATION;
    return isText ? { kind: "text", text: textOf(whole) } : { kind: "bytes", bytes: whole };
  }
}

function controlOf({ opcode, payload }: Frame): Incoming {
  if (opcode === PING) return { kind: "ping", bytes: payload };
  if (opcode === PONG) return { kind: "pong", bytes: payload };
  if (opcode !== CLOSE) throw fault(1002, `There is no opcode ${opcode}`);
  if (payload.length === 0) return { kind: "close", code: undefined, reason: "" };
  if (payload.length === 1) throw fault(1002, "A close code is cut");
  const code = payload.readUInt16BE(0);
  // Section 7.4.1 and the registry of IANA: these may be sent, the others stand for what is never sent.
  const isUsual = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
  if (!isUsual) throw fault(1002, `${code} is no close code`);
  return { kind: "close", code, reason: textOf(payload.subarray(2)) };
}

/** Length of payload and head (without mask) of a frame; undefined while the head is cut. */
function sizeOf(
  bytes: Buffer,
  short: number,
): { readonly payloadBytes: number; readonly headBytes: number } | undefined {
  if (short < 126) return { payloadBytes: short, headBytes: 2 };
  if (short === 126) return bytes.length < 4 ? undefined : { payloadBytes: bytes.readUInt16BE(2), headBytes: 4 };
  if (bytes.length < 10) return undefined;
  const long = bytes.readBigUInt64BE(2);
  if (long > BigInt(Number.MAX_SAFE_INTEGER)) throw fault(1009, "A frame is longer than any may be");
  return { payloadBytes: Number(long), headBytes: 10 };
}

function unmasked(payload: Buffer, mask: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(payload.length);
  for (let index = 0; index < payload.length; index++) plain[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  return plain;
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw fault(1007, "A text is not UTF-8");
  return bytes.toString("utf8");
}

/** Close codes: RFC 6455, 7.4.1. */
function fault(closeCode: number, message: string): Error {
  return fail("SG_LIVE_FRAME", message, { details: { closeCode } });
}
