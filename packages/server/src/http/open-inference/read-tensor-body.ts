import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { fail } from "../../errors/server-errors.ts";
import { bodyChunks, checkContentLength } from "../body/body-chunks.ts";
import type { Exchange } from "../exchange.ts";

/** Where binary data begins in the body, tensors of every type can be viewed without a copy. */
const alignmentBytes = 8;

/**
 * The whole body in one piece of memory of its own; its tensors will be views of it. `headerBytes` is the length of the
 * JSON before binary data; undefined: all is JSON. Throws SG_HTTP_BODY, SG_HTTP_BODY_TOO_LARGE.
 */
export async function readTensorBody(
  exchange: Exchange,
  headerBytes: number | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { maxJsonBytes, maxTensorBytes } = exchange.gateway.config.limits;
  const [maxBytes, limitName] =
    headerBytes === undefined
      ? ([maxJsonBytes, "maxJsonBytes"] as const)
      : ([maxTensorBytes, "maxTensorBytes"] as const);
  const announcedBytes = checkContentLength(exchange, maxBytes, limitName);
  const chunks = bodyChunks(exchange, maxBytes, limitName);
  const body =
    announcedBytes === undefined
      ? await collected(chunks, headerBytes ?? 0)
      : await filled(allocate(announcedBytes, headerBytes ?? 0), chunks);
  return decompressed(exchange, body, maxBytes);
}

function allocate(bytes: number, headerBytes: number): Uint8Array<ArrayBuffer> {
  const before = (alignmentBytes - (headerBytes % alignmentBytes)) % alignmentBytes;
  return new Uint8Array(new ArrayBuffer(before + bytes), before);
}

/** Node's parser gives exactly as many bytes as were announced. */
async function filled(
  body: Uint8Array<ArrayBuffer>,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  for await (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

async function collected(chunks: AsyncIterable<Uint8Array>, headerBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const held: Uint8Array[] = [];
  for await (const chunk of chunks) held.push(chunk);
  return filled(
    allocate(
      held.reduce((total, { length }) => total + length, 0),
      headerBytes,
    ),
    held,
  );
}

const decompress = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/** Clients of Triton can compress their requests. */
async function decompressed(
  { incoming }: Exchange,
  body: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = incoming.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return body;
  if (encoding !== "gzip" && encoding !== "deflate")
    throw fail("SG_HTTP_BODY", `The body has the content encoding "${encoding}"; gzip and deflate are read`);
  try {
    return new Uint8Array(await decompress[encoding](body, { maxOutputLength: maxBytes }));
  } catch (cause) {
    throw fail("SG_HTTP_BODY", `The body cannot be decompressed to at most ${maxBytes} bytes`, { cause });
  }
}
