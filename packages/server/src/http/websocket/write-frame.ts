/** Opcodes of frames that the server sends (RFC 6455, 5.2). */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** A frame as a server sends it: whole and unmasked (RFC 6455, 5.1). */
export function writeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  if (length < 2 ** 16) {
    const head = Buffer.from([first, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return Buffer.concat([head, payload]);
  }
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/** Payload of a close frame; its reason may have 123 bytes. */
export function closePayload(code: number, reason: string): Buffer {
  const text = Buffer.from(reason.slice(0, 40)); // at most three bytes a character
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2);
  return payload;
}
