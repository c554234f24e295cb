/** What an answer to a (partial) request says before its bytes come. */
export type ResponseHead =
  /** The bytes that follow begin at `startBytes`. */
  | { readonly kind: "bytes"; readonly startBytes: number; readonly totalBytes: number | null }
  /** There is nothing after what we have. */
  | { readonly kind: "end"; readonly totalBytes: number | null }
  /** Worth another try at this address. */
  | { readonly kind: "busy"; readonly retryAfterMs: number | undefined }
  /** This address will not give it. */
  | { readonly kind: "refused" };

const maxRetryAfterMs = 60_000;
/** 408 and 425 are about this very request; 429 and 5xx about the server's state (RFC 9110, 6585, 8470). */
const transientStatus: readonly number[] = [408, 425, 429];

/** Reads status and headers of an answer (RFC 9110, sections 14.4 and 15). */
export function readHead(response: Response, nowEpochMs: number): ResponseHead {
  const { status, headers } = response;
  if (status === 200) return { kind: "bytes", startBytes: 0, totalBytes: wholeNumber(headers.get("content-length")) };
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
    if (range === null) return { kind: "busy", retryAfterMs: undefined };
    return { kind: "bytes", startBytes: Number(range[1]), totalBytes: wholeNumber(range[2] ?? null) };
  }
  if (status === 416) {
    const size = /^bytes \*\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
    return { kind: "end", totalBytes: wholeNumber(size ?? null) };
  }
  if (status >= 500 || transientStatus.includes(status))
    return { kind: "busy", retryAfterMs: retryAfterMs(headers.get("retry-after"), nowEpochMs) };
  return { kind: "refused" };
}

/** What can stand in If-Range: a strong ETag, or the date of the content (RFC 9110, section 13.1.5). */
export function validatorOf({ headers }: Response): string | null {
  const etag = headers.get("etag");
  if (etag !== null && !etag.startsWith("W/")) return etag;
  return headers.get("last-modified");
}

function retryAfterMs(text: string | null, nowEpochMs: number): number | undefined {
  if (text === null) return undefined;
  const seconds = wholeNumber(text);
  const ms = seconds === null ? Date.parse(text) - nowEpochMs : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.min(maxRetryAfterMs, Math.max(0, ms));
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
