import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { fail } from "@stargate/kernel";

export interface ResponseLimits {
  readonly maxBytes: number;
  readonly host: string;
  /** Makes the error a reader of the body sees. */
  readonly failed: (error: unknown) => Error;
}

/** An answer that says it is no longer than this is taken whole: a web stream costs more than all its bytes. */
const wholeBytes = 64 * 1024;

const bodyless = new Set([101, 204, 205, 304]);

/** A web Response on a Node message: decoded as fetch would, and cut off with SG_INPUT_TOO_LARGE above the cap. */
export async function responseOf(incoming: IncomingMessage, limits: ResponseLimits): Promise<Response> {
  const { maxBytes, host } = limits;
  const tooLarge = (): Error => fail("SG_INPUT_TOO_LARGE", `The answer of ${host} is larger than ${maxBytes} bytes`);
  const announcedBytes = Number(incoming.headers["content-length"] ?? Number.NaN);
  if (announcedBytes > maxBytes) {
    incoming.destroy();
    throw tooLarge();
  }
  const headers = new Headers();
  for (const [name, lines] of Object.entries(incoming.headersDistinct))
    for (const line of lines ?? []) headers.append(name, line);
  const status = incoming.statusCode ?? 502;
  const init = { status, statusText: incoming.statusMessage ?? "", headers };
  if (bodyless.has(status)) {
    incoming.resume();
    return new Response(null, init);
  }
  const decoder = decoderOf(incoming.headers["content-encoding"]);
  if (decoder === undefined && announcedBytes <= wholeBytes)
    return new Response(await whole(incoming, limits.failed), init);
  if (decoder !== undefined) for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  const body = guarded(
    decoder === undefined ? incoming : decoded(incoming, decoder),
    maxBytes,
    tooLarge,
    limits.failed,
  );
  return new Response(Readable.toWeb(Readable.from(body)) as ReadableStream<Uint8Array>, init); // two declarations of one web stream
}

/** The body, which Node's parser ends at the length that was announced. */
function whole(incoming: IncomingMessage, failed: (error: unknown) => Error): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer<ArrayBuffer>[] = [];
    incoming.on("data", (chunk: Buffer<ArrayBuffer>) => chunks.push(chunk));
    incoming.once("end", () => resolve(Buffer.concat(chunks)));
    incoming.once("error", (error) => reject(failed(error)));
  });
}

function decoderOf(encoding: string | undefined): NodeJS.ReadWriteStream | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

async function* decoded(source: Readable, decoder: NodeJS.ReadWriteStream): AsyncGenerator<unknown> {
  const feeding = pipeline(source, decoder);
  feeding.catch(() => undefined); // awaited below, after the reader has met the same error
  yield* decoder;
  await feeding;
}

async function* guarded(
  source: AsyncIterable<unknown>,
  maxBytes: number,
  tooLarge: () => Error,
  failed: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  let seenBytes = 0;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      seenBytes += chunk.byteLength;
      if (seenBytes > maxBytes) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    throw failed(error);
  }
}
