import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@stargate/kernel";
import { isErrorCode, namesIn, statIfThere } from "./files/durable-files.ts";
import { createOwnerTag, ownerState } from "./files/process-tag.ts";
import type { StoreLayout } from "./layout.ts";

/** Tells other processes which blobs this one uses, so that their `gc` leaves them alone. */
export interface Leases {
  take(sha256: string): Promise<void>;
  /** Gives all back. */
  close(): Promise<void>;
}

export function createLeases(layout: StoreLayout): Leases {
  const folder = join(layout.leases, createOwnerTag());
  const taken = new Set<string>();
  return {
    async take(sha256) {
      if (taken.has(sha256)) return;
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, sha256), "");
      } catch (error) {
        // A folder that cannot be written to loses nothing to anybody's gc either.
        if (!isErrorCode(error, "EROFS", "EACCES", "EPERM")) throw error;
      }
      taken.add(sha256);
    },
    async close() {
      taken.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Processes of other machines cannot be asked; after so long theirs count as forgotten. */
const FORGOTTEN_AFTER_MS = 7 * 24 * 3_600_000;

/** Digests that living processes use. Leases of dead ones are removed. */
export async function leasedBlobs(layout: StoreLayout, clock: Clock): Promise<ReadonlySet<string>> {
  const leased = new Set<string>();
  for (const owner of await namesIn(layout.leases)) {
    const folder = join(layout.leases, owner);
    if (await isForgotten(owner, folder, clock)) await rm(folder, { recursive: true, force: true });
    else for (const sha256 of await namesIn(folder)) leased.add(sha256);
  }
  return leased;
}

async function isForgotten(owner: string, folder: string, clock: Clock): Promise<boolean> {
  const state = ownerState(owner);
  if (state !== "unknown") return state === "dead";
  const stats = await statIfThere(folder);
  return stats !== undefined && clock.epochMs() - Number(stats.mtimeMs) > FORGOTTEN_AFTER_MS;
}
