import type { Clock, GatedFetch, StargateError } from "@stargate/kernel";
import { fail } from "../model-errors.ts";
import type { PartialFile } from "./partial-file.ts";
import { pause } from "./pause.ts";
import { transfer } from "./transfer.ts";

export interface DownloadOptions {
  /** What the file is called in messages: `File "model.onnx" of model "clip"`. */
  readonly what: string;
  /** Tried in order. */
  readonly urls: readonly string[];
  readonly partial: PartialFile;
  /** Lower-case hex; null: whatever comes is taken. */
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly limits: DownloadLimits;
  readonly fetch: GatedFetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly reserve: (bytes: number) => Promise<void>;
  readonly onBytes: (doneBytes: number, totalBytes: number | null) => void;
}

export interface DownloadLimits {
  readonly maxFileBytes: number;
  readonly stallMs: number;
  /** Failures in a row, without a byte between them, after which an address is given up. */
  readonly maxFailures: number;
}

/** What one address did instead of giving the file. */
interface Problem {
  readonly url: string;
  readonly reason: string;
  readonly error?: StargateError | undefined;
  /** Digest of a whole answer with other bytes. */
  readonly actual?: string | undefined;
}

/** Tries at one address in all: one that gives a few bytes at a time is no source either. */
const MAX_TRIES = 200;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Gets a file from the first address that gives it whole and with the right digest; gives that address. A broken
 * transfer goes on where it ended. Throws SG_MODEL_DIGEST when an address gave other bytes, SG_MODEL_TOO_LARGE,
 * SG_MODEL_DOWNLOAD.
 */
export async function downloadFile(options: DownloadOptions): Promise<string> {
  const problems: Problem[] = [];
  for (const url of options.urls) {
    const problem = await tryAddress(url, options);
    if (problem === undefined) return url;
    problems.push(problem);
  }
  throw failed(problems, options);
}

async function tryAddress(url: string, options: DownloadOptions): Promise<Problem | undefined> {
  const { partial, sha256, limits } = options;
  let failures = 0;
  for (let tries = 1; ; tries++) {
    const beforeBytes = partial.sizeBytes;
    const result = await transfer({
      ...options,
      url,
      expectedBytes: options.sizeBytes,
      isPinned: sha256 !== null,
      maxBytes: limits.maxFileBytes,
      stallMs: limits.stallMs,
    });
    if (result.kind === "refused") return { url, reason: result.reason, error: result.error };
    if (result.kind === "whole") {
      const actual = partial.digest();
      if (sha256 === null || actual === sha256) return undefined;
      // Pieces of several answers: one of them may have been the beginning of another content. Once more, in one go.
      const isPatchwork = partial.answers > 1;
      await partial.reset();
      if (!isPatchwork) return { url, reason: `its sha256 is ${actual}`, actual };
      continue;
    }
    failures = partial.sizeBytes > beforeBytes ? 1 : failures + 1;
    if (failures >= limits.maxFailures || tries >= MAX_TRIES)
      return { url, reason: `${result.reason} (${tries} ${tries === 1 ? "try" : "tries"})` };
    await pause(options.clock, result.retryAfterMs ?? backoffMs(failures), options.signal);
  }
}

function backoffMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
}

function failed(problems: readonly Problem[], { what, sha256 }: DownloadOptions): StargateError {
  const list = problems.map(({ url, reason }) => `${withoutSecrets(url)}: ${reason}`).join("; ");
  const wrong = problems.find(({ actual }) => actual !== undefined);
  if (wrong?.actual !== undefined)
    return fail("SG_MODEL_DIGEST", `${what} came with other bytes than it must have (sha256 ${sha256}): ${list}`, {
      hint: "Nothing of it was kept. Find out why that address gives another file, or name another address.",
      details: { expected: sha256, actual: wrong.actual },
    });
  const [only] = problems;
  if (only?.error?.code === "SG_MODEL_TOO_LARGE" && problems.length === 1)
    return fail("SG_MODEL_TOO_LARGE", `${what} is too large: ${list}`);
  return fail("SG_MODEL_DOWNLOAD", `${what} could not be downloaded: ${list}`, {
    hint: problems.find(({ error }) => error?.code === "SG_FETCH_DENIED")?.error?.hint,
    cause: only?.error,
  });
}

/** Addresses may carry tokens in their query. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
