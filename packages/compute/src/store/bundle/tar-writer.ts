import { BLOCK_BYTES, headerChecksum, headerFields, paddingOf } from "./tar-format.ts";

export interface TarEntry {
  /** Path inside the archive, at most 100 bytes of ASCII. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly `sizeBytes` bytes. */
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Largest size the eleven octal digits of a ustar header hold. */
const MAX_USTAR_BYTES = 8 ** 11 - 1;

/**
 * Writes files as a tar archive that every tar reads: ustar, with a pax record where a file has 8 GiB or more. Owners
 * and times are left at zero, so that equal contents give equal archives.
 */
export async function* writeTar(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const { name, sizeBytes, body } of entries) {
    if (sizeBytes > MAX_USTAR_BYTES) yield* paxHeader(sizeBytes);
    yield header(name, Math.min(sizeBytes, MAX_USTAR_BYTES), "0");
    yield* body;
    yield new Uint8Array(paddingOf(sizeBytes));
  }
  yield new Uint8Array(2 * BLOCK_BYTES); // the end
}

function* paxHeader(sizeBytes: number): Generator<Uint8Array> {
  const record = Buffer.from(paxRecord("size", String(sizeBytes)));
  yield header("pax", record.byteLength, "x");
  yield record;
  yield new Uint8Array(paddingOf(record.byteLength));
}

/** "<length> <key>=<value>\n", the length counting itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length > length) length += 1;
  return `${length}${rest}`;
}

function header(name: string, sizeBytes: number, type: "0" | "x"): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  const put = (field: keyof typeof headerFields, text: string): void => {
    const [offset, length] = headerFields[field];
    block.set(Buffer.from(text, "latin1").subarray(0, length), offset);
  };
  put("name", name);
  put("mode", octal(0o644, "mode"));
  put("userId", octal(0, "userId"));
  put("groupId", octal(0, "groupId"));
  put("size", octal(sizeBytes, "size"));
  put("modifiedAt", octal(0, "modifiedAt"));
  put("type", type);
  put("magic", "ustar\0");
  put("version", "00");
  put("checksum", `${headerChecksum(block).toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** A number as its field wants it: octal digits and a NUL. */
function octal(value: number, field: keyof typeof headerFields): string {
  const [, length] = headerFields[field];
  return `${value.toString(8).padStart(length - 1, "0")}\0`;
}
