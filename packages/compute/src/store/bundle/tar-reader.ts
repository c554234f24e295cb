import { fail } from "../model-errors.ts";
import { BLOCK_BYTES, headerChecksum, headerFields, paddingOf } from "./tar-format.ts";

/** A file of an archive. Its body is read before the next file is asked for; what is left of it is passed over. */
export interface TarFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

interface Header {
  readonly name: string;
  readonly sizeBytes: number;
  readonly type: string;
}

/** Pax records are texts of a few dozen bytes; more is an attack on memory. */
const MAX_PAX_BYTES = 64 * 1024;

/**
 * Reads the files of a ustar or pax archive as they come. Folders are passed over; links, devices and everything else
 * that is no plain file are refused. Throws SG_MODEL_BUNDLE for what is no archive or ends too early.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const source = createByteReader(chunks);
  let extended: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const block = await source.take(BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) return; // the end is two empty blocks; one is enough to know
    const header = parseHeader(block, extended);
    if (header.type === "x" || header.type === "g") {
      if (header.sizeBytes > MAX_PAX_BYTES) throw broken(`a pax header has ${header.sizeBytes} bytes`);
      const records = parsePax(await source.take(header.sizeBytes));
      await source.skip(paddingOf(header.sizeBytes));
      if (header.type === "x") extended = records;
      continue;
    }
    extended = new Map();
    if (header.type === "5") continue;
    if (header.type !== "0" && header.type !== "\0") throw broken(`"${header.name}" is no plain file`);
    let left = header.sizeBytes;
    yield {
      name: header.name,
      sizeBytes: header.sizeBytes,
      body: (async function* () {
        while (left > 0) {
          const chunk = await source.some(left);
          left -= chunk.byteLength;
          yield chunk;
        }
      })(),
    };
    await source.skip(left + paddingOf(header.sizeBytes));
  }
}

function parseHeader(block: Uint8Array, extended: ReadonlyMap<string, string>): Header {
  const text = (field: keyof typeof headerFields): string => {
    const [offset, length] = headerFields[field];
    const bytes = Buffer.from(block.subarray(offset, offset + length));
    const end = bytes.indexOf(0);
    return bytes.toString("utf8", 0, end < 0 ? length : end);
  };
  if (text("magic").trimEnd() !== "ustar") throw broken("there is no ustar header where a file should begin");
  if (Number.parseInt(text("checksum").trim(), 8) !== headerChecksum(block))
    throw broken("the checksum of a header is wrong");
  const prefix = text("prefix");
  const name = extended.get("path") ?? (prefix === "" ? text("name") : `${prefix}/${text("name")}`);
  const paxSize = extended.get("size");
  const sizeBytes = paxSize === undefined ? Number.parseInt(text("size").trim(), 8) : Number(paxSize);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw broken(`the size of "${name}" is no number`);
  return { name: name.replace(/^(\.\/)+/, ""), sizeBytes, type: String.fromCharCode(block[headerFields.type[0]] ?? 0) };
}

/** Records of a pax header: "<length> <key>=<value>\n". */
function parsePax(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let position = 0; position < bytes.byteLength;) {
    const space = bytes.indexOf(0x20, position);
    const length = Number(Buffer.from(bytes.subarray(position, space)).toString("latin1"));
    if (space < 0 || !Number.isSafeInteger(length) || length < 4 || position + length > bytes.byteLength)
      throw broken("a pax header is not well formed");
    const [key = "", ...value] = Buffer.from(bytes.subarray(space + 1, position + length - 1))
      .toString("utf8")
      .split("=");
    records.set(key, value.join("="));
    position += length;
  }
  return records;
}

/** Takes bytes off a stream of chunks in whatever pieces are wanted. */
function createByteReader(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();

  /** At least one byte, at most `limit`. */
  async function some(limit: number): Promise<Uint8Array> {
    while (rest.byteLength === 0) {
      const next = await iterator.next();
      if (next.done === true) throw broken("it ends in the middle of a file");
      rest = next.value;
    }
    const piece = rest.subarray(0, limit);
    rest = rest.subarray(piece.byteLength);
    return piece;
  }

  return {
    some,
    async take(count: number): Promise<Uint8Array> {
      const whole = new Uint8Array(count);
      for (let done = 0; done < count;) {
        const piece = await some(count - done);
        whole.set(piece, done);
        done += piece.byteLength;
      }
      return whole;
    },
    async skip(count: number): Promise<void> {
      for (let left = count; left > 0;) left -= (await some(left)).byteLength;
    },
  };
}

function broken(why: string): Error {
  return fail("SG_MODEL_BUNDLE", `This is no whole tar archive: ${why}`);
}
