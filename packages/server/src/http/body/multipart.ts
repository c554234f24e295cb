import type { Writable } from "node:stream";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { fail } from "../../errors/server-errors.ts";

/** One part: a file as a Blob, a plain field as text. */
export interface Part {
  readonly name: string;
  readonly value: Blob | string;
  readonly filename?: string | undefined;
}

export interface MultipartOptions {
  /** The whole content type, with its boundary. */
  readonly contentType: string;
  readonly maxParts: number;
  /** Longest plain field; longer texts belong in a file part. */
  readonly maxFieldBytes: number;
  /** Takes a file part in; must read it to its end. */
  store(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, mediaType: string): Promise<Blob>;
}

/**
 * Reads a multipart/form-data body (RFC 7578) as a stream: a part is never whole in memory because of its size.
 * Throws SG_HTTP_BODY for one that is malformed, truncated, or has too many parts or too long a field.
 */
export async function readMultipart(
  chunks: AsyncIterable<Uint8Array>,
  options: MultipartOptions,
): Promise<readonly Part[]> {
  const parser = createParser(options);
  const parts: Promise<Part>[] = [];
  let markEnded = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    markEnded = resolve;
  });
  let openFile: BusboyFileStream | undefined;
  let failure: Error | undefined;
  const stop = (cause: Error): void => {
    failure ??= cause;
    openFile?.destroy();
    parser.destroy();
    markEnded();
  };
  parser.on("field", (name, value, _nameTruncated, valueTruncated) => {
    if (valueTruncated)
      stop(
        fail("SG_HTTP_BODY", `Field "${name}" is longer than ${options.maxFieldBytes} bytes`, {
          hint: "Send long texts as a file part: give the part a filename.",
        }),
      );
    else parts.push(Promise.resolve({ name, value }));
  });
  parser.on("file", (name, stream, filename, _transferEncoding, mediaType) => {
    openFile = stream;
    const part = storePart(stream, { name, filename, mediaType }, options);
    part.catch((cause: unknown) => stop(asError(cause)));
    parts.push(part);
  });
  parser.on("partsLimit", () =>
    stop(fail("SG_HTTP_BODY", `The body has more than ${options.maxParts} parts (limits.maxParts)`)),
  );
  parser.on("error", (cause) => stop(fail("SG_HTTP_BODY", "The multipart body is malformed or cut off", { cause })));
  parser.on("finish", () => markEnded());
  try {
    for await (const chunk of chunks) {
      if (failure !== undefined) break;
      if (!parser.write(chunk)) await writable(parser);
    }
    if (failure === undefined) parser.end();
    await ended;
  } catch (cause) {
    stop(asError(cause));
  }
  const read = await Promise.allSettled(parts);
  if (failure !== undefined) throw failure;
  return read.flatMap((part) => (part.status === "fulfilled" ? [part.value] : []));
}

function createParser({ contentType, maxParts, maxFieldBytes }: MultipartOptions): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { parts: maxParts, fieldSize: maxFieldBytes, headerPairs: 20, headerSize: 8192 },
      // A JSON or CSV part without a file name is still a document with a type, not a field.
      isPartAFile: (_name, mediaType, filename) =>
        filename !== undefined || (mediaType !== undefined && mediaType !== "text/plain"),
    });
  } catch (cause) {
    throw fail("SG_HTTP_BODY", `The content type "${contentType}" has no boundary`, {
      cause,
      hint: "Let the client make the header: curl -F, FormData.",
    });
  }
}

async function storePart(
  stream: BusboyFileStream,
  { name, filename, mediaType }: { name: string; filename: string | undefined; mediaType: string },
  options: MultipartOptions,
): Promise<Part> {
  const value = await options.store(stream as AsyncIterable<Uint8Array<ArrayBuffer>>, mediaType);
  return { name, value, filename: filename === "" ? undefined : filename };
}

/** Resolves when the parser takes more, or will never take anything again. */
function writable(parser: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      parser.off("drain", done);
      parser.off("close", done);
      resolve();
    };
    parser.on("drain", done);
    parser.on("close", done);
    if (parser.destroyed) done();
  });
}

/** What is thrown in this process is an error; the type system does not know. */
function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : fail("SG_HTTP_BODY", "The multipart body cannot be read", { cause });
}
