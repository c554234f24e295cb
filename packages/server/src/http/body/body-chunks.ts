import { formatBytes } from "../../config/byte-size.ts";
import { fail } from "../../errors/server-errors.ts";
import type { Exchange } from "../exchange.ts";

/** Refuses a body by its announced length, before a byte of it is read. Throws SG_HTTP_BODY_TOO_LARGE. */
export function checkContentLength(exchange: Exchange, maxBytes: number, limitName: string): number | undefined {
  const header = exchange.incoming.headers["content-length"];
  if (header === undefined) return undefined;
  const bytes = Number(header); // Node's parser lets only digits through
  if (bytes > maxBytes) throw tooLarge(bytes, maxBytes, limitName);
  return bytes;
}

/**
 * The body, chunk by chunk, with backpressure and a count. The socket is left open on failure, so that the client can
 * read why. Throws SG_HTTP_BODY_TOO_LARGE, SG_HTTP_MALFORMED when the client breaks off.
 */
export async function* bodyChunks(
  exchange: Exchange,
  maxBytes: number,
  limitName: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  continueExpected(exchange);
  try {
    for await (const chunk of exchange.incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<
      Buffer<ArrayBuffer>
    >) {
      exchange.bodyBytes += chunk.byteLength;
      if (exchange.bodyBytes > maxBytes) throw tooLarge(exchange.bodyBytes, maxBytes, limitName);
      exchange.bodySeen?.(chunk);
      yield chunk;
    }
  } catch (cause) {
    throw brokenOff(exchange, cause);
  }
}

/** A body known to be small, in one piece and without an iterator per request. */
export function smallBody(exchange: Exchange): Promise<Buffer<ArrayBuffer>> {
  continueExpected(exchange);
  const { incoming } = exchange;
  return new Promise((resolve, reject) => {
    const chunks: Buffer<ArrayBuffer>[] = [];
    const first = (chunk: Buffer<ArrayBuffer>): void => void chunks.push(chunk);
    incoming.on("data", first);
    incoming.on("end", () => {
      const [only] = chunks;
      const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      exchange.bodyBytes = body.byteLength;
      exchange.bodySeen?.(body);
      resolve(body);
    });
    incoming.on("error", (cause) => reject(brokenOff(exchange, cause)));
  });
}

/** A client that asked first ("Expect: 100-continue") sends its body only now, when nothing speaks against it any more. */
function continueExpected({ incoming, outgoing }: Exchange): void {
  if (incoming.headers.expect?.toLowerCase() === "100-continue") outgoing.writeContinue();
}

function brokenOff(exchange: Exchange, cause: unknown): Error {
  const wasCut = cause instanceof Error && (cause as NodeJS.ErrnoException).code === "ECONNRESET";
  if (cause instanceof Error && !wasCut) return cause;
  return fail("SG_HTTP_MALFORMED", `The body broke off after ${exchange.bodyBytes} bytes`, { cause });
}

/** The error for a body over a limit of the configuration. */
function tooLarge(bytes: number, maxBytes: number, limitName: string): Error {
  return fail(
    "SG_HTTP_BODY_TOO_LARGE",
    `The body has ${bytes} bytes or more; the limit is ${formatBytes(maxBytes)} (limits.${limitName})`,
    {
      details: { limit: `limits.${limitName}`, maxBytes },
    },
  );
}
