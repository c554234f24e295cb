import { isStargateError } from "@stargate/kernel";
import { describeAnswer, publicAddress, readAtMost } from "../../http/describe-answer.ts";
import { type FetchContext, fetchPatiently } from "../../http/fetch-patiently.ts";
import { fail } from "../../satellite-errors.ts";
import type { ByteRange, ByteSource } from "./byte-source.ts";

/** A server without ranges is put up with for files up to this size, which are then kept whole. */
const MAX_WHOLE_BYTES = 32 * 1024 * 1024;

/**
 * Reads an address in ranges (RFC 9110, section 14). What a server sends is checked against what was asked: a range from
 * elsewhere, a file that changes between two reads and a login page are errors, never pixels. Throws SG_SATELLITE_ASSET,
 * SG_FETCH_DENIED and the cancellation.
 */
export function createHttpSource(href: string, { fetch, clock }: Omit<FetchContext, "signal">): ByteSource {
  const name = publicAddress(href);
  if (!/^https?:/i.test(href))
    throw fail("SG_SATELLITE_ASSET", `${name} is no address on the web`, {
      hint: "Use a catalogue whose addresses begin with https://, or a local folder of scenes.",
    });
  let size: number | undefined;
  const versions = new Map<string, string>();
  let whole: Uint8Array<ArrayBuffer> | undefined;
  const broken = (what: string, hint?: string, cause?: unknown): Error =>
    fail("SG_SATELLITE_ASSET", `${name}: ${what}`, { hint, cause });

  async function ask<T>(
    { offset, lengthBytes }: ByteRange,
    signal: AbortSignal,
    use: (response: Response) => Promise<T>,
  ): Promise<T> {
    const headers = { range: `bytes=${offset}-${offset + lengthBytes - 1}`, "accept-encoding": "identity" };
    try {
      return await fetchPatiently(href, { headers }, { fetch, clock, signal }, use);
    } catch (error) {
      // Refusals of the operator, wrong answers and cancellations are what they are.
      if (signal.aborted || (isStargateError(error) && !error.retryable)) throw error;
      throw broken(
        `its server does not answer: ${error instanceof Error ? error.message : String(error)}`,
        undefined,
        error,
      );
    }
  }

  function checkVersion({ headers }: Response): void {
    for (const header of ["etag", "last-modified"]) {
      // A weak tag names the same bytes here: nobody compresses a range.
      const now = headers.get(header)?.replace(/^W\//, "");
      if (now === undefined) continue;
      const before = versions.get(header) ?? now;
      versions.set(header, before);
      if (before !== now)
        throw broken(
          "the file was replaced while it was read",
          "Start again: half of one file and half of another is no scene.",
        );
    }
  }

  async function readPart(response: Response, offset: number, lengthBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const stated = response.headers.get("content-range") ?? "";
    const [, startText, endText, sizeText] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(stated) ?? [];
    const [start, end] = [Number(startText), Number(endText)];
    if (start !== offset || end < offset || end >= offset + lengthBytes) {
      await response.body?.cancel();
      throw broken(
        `bytes ${offset}-${offset + lengthBytes - 1} were asked for, its server sent "${stated}"`,
        "The server or a proxy before it answers ranges wrongly; fetch the file and read it from disk.",
      );
    }
    const total = sizeText === "*" ? undefined : Number(sizeText);
    if (size !== undefined && total !== undefined && total !== size)
      throw broken(`it had ${size} bytes and now has ${total}: it was replaced while it was read`);
    size ??= total;
    const { body, isWhole } = await readAtMost(response, end - start + 1);
    if (!isWhole || body.length !== end - start + 1)
      throw broken(`its server announced ${end - start + 1} bytes and sent ${isWhole ? body.length : "more"}`);
    const isShort = body.length < lengthBytes;
    if (isShort && size !== undefined && end + 1 !== size)
      throw broken(`its server sent ${body.length} of ${lengthBytes} bytes, and the file does not end there`);
    if (isShort) size ??= end + 1;
    return body;
  }

  async function readWhole(response: Response): Promise<Uint8Array<ArrayBuffer>> {
    const announced = Number(response.headers.get("content-length") ?? 0);
    const tooLarge = (): Error =>
      broken(
        `its server does not send ranges, and the file is larger than ${MAX_WHOLE_BYTES / 1024 / 1024} MiB`,
        "Fetch the file and read it from disk, or use a server that answers ranges.",
      );
    if (announced > MAX_WHOLE_BYTES) {
      await response.body?.cancel();
      throw tooLarge();
    }
    const { body, isWhole } = await readAtMost(response, MAX_WHOLE_BYTES);
    if (!isWhole) throw tooLarge();
    if (announced > 0 && body.length < announced && response.headers.get("content-encoding") === null)
      throw broken(`its server announced ${announced} bytes and sent ${body.length}`);
    size = body.length;
    return body;
  }

  return {
    name,
    isLocal: false,
    bridgeBytes: 64 * 1024,
    sizeBytes: () => size,
    async read(offset, lengthBytes, signal) {
      if (lengthBytes <= 0 || (size !== undefined && offset >= size)) return new Uint8Array(0);
      const range = { offset, lengthBytes };
      if (whole === undefined) return await ask(range, signal, (response) => answered(response, range));
      return whole.slice(offset, offset + lengthBytes);
    },
  };

  async function answered(response: Response, { offset, lengthBytes }: ByteRange): Promise<Uint8Array<ArrayBuffer>> {
    if (response.status === 416) {
      const total = Number(/^bytes \*\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1]);
      await response.body?.cancel();
      if (total <= offset) return new Uint8Array(0);
      throw broken(`its server refuses bytes ${offset}-${offset + lengthBytes - 1}`);
    }
    if (response.status !== 206 && response.status !== 200) throw await refused(name, response);
    checkVersion(response);
    if (response.status === 206) return await readPart(response, offset, lengthBytes);
    whole = await readWhole(response);
    return whole.slice(offset, offset + lengthBytes);
  }
}

async function refused(name: string, response: Response): Promise<Error> {
  const answer = await describeAnswer(response);
  const { status } = response;
  const hint =
    status === 401 || status === 403
      ? "Use a catalogue whose addresses are signed or public, or sign the address before it is read."
      : status === 404 || status === 410
        ? "The catalogue names a file that is not there any more; search again or leave the scene out."
        : undefined;
  const what =
    status === 401 || status === 403
      ? "it is behind a login"
      : status === 404 || status === 410
        ? "it is gone"
        : "its server fails";
  return fail("SG_SATELLITE_ASSET", `${name}: ${what} (${answer})`, { hint, details: { status } });
}
