import { randomInt } from "node:crypto";
import type { Clock, GatedFetch } from "@stargate/kernel";
import type { Blobs } from "../blobs.ts";
import { refuseFullDisk } from "../disk-space.ts";
import type { StoreLayout } from "../layout.ts";
import { claimPartial } from "./claim-partial.ts";
import { downloadFile, type DownloadLimits } from "./download-file.ts";
import { openPartialFile } from "./partial-file.ts";
import { pause } from "./pause.ts";

export interface FetchBlobOptions {
  readonly what: string;
  /** Same for everyone who wants this file. */
  readonly key: string;
  readonly urls: readonly string[];
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly signal: AbortSignal;
  readonly onBytes: (doneBytes: number, totalBytes: number | null) => void;
  /** Digest of the file when it is in the store: another process may have been faster. */
  readonly isThere: () => Promise<string | undefined>;
  /** Called when the blob is in the store and before anyone else may try: the moment to record it. */
  readonly onArrived: (blob: {
    readonly sha256: string;
    readonly sizeBytes: number;
    readonly url: string;
  }) => Promise<void>;
}

/** What downloads have in common. */
export interface FetchBlobContext {
  readonly layout: StoreLayout;
  readonly blobs: Blobs;
  readonly fetch: GatedFetch;
  readonly clock: Clock;
  readonly limits: DownloadLimits;
  readonly freeBytes: (folder: string) => Promise<number>;
}

/** How often another process's download is looked at. */
const POLL_MS = 200;

/**
 * Brings a file into the store, unless another process is at it: then this one waits and takes over when that one
 * ends. Gives the file's digest. What came before a failure is kept for the next try. Throws SG_MODEL_DIGEST,
 * SG_MODEL_DOWNLOAD, SG_MODEL_TOO_LARGE, SG_MODEL_DISK.
 */
export async function fetchBlob(options: FetchBlobOptions, context: FetchBlobContext): Promise<string> {
  const { layout, clock } = context;
  for (;;) {
    const there = await options.isThere();
    if (there !== undefined) return there;
    const claim = await claimPartial(layout.partials, options.key, clock);
    if (claim.kind === "busy") {
      options.onBytes(claim.doneBytes, options.sizeBytes);
      await pause(clock, POLL_MS + randomInt(POLL_MS), options.signal);
      continue;
    }
    try {
      const sha256 = (await options.isThere()) ?? (await fetchInto(claim.folder, options, context));
      await claim.remove();
      return sha256;
    } catch (error) {
      await claim.release();
      throw error;
    }
  }
}

async function fetchInto(folder: string, options: FetchBlobOptions, context: FetchBlobContext): Promise<string> {
  const { layout, blobs } = context;
  const partial = await openPartialFile(folder, options.signal);
  let url: string;
  try {
    url = await downloadFile({
      ...options,
      ...context,
      partial,
      reserve: (bytes) => refuseFullDisk(layout.root, bytes, context.freeBytes),
    });
  } catch (error) {
    await partial.close();
    throw error;
  }
  await partial.close({ sync: true });
  const [sha256, sizeBytes] = [partial.digest(), partial.sizeBytes];
  await blobs.admit(partial.path, sha256);
  await options.onArrived({ sha256, sizeBytes, url });
  return sha256;
}
