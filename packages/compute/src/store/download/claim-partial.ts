import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@stargate/kernel";
import { isErrorCode, namesIn, statIfThere } from "../files/durable-files.ts";
import { createOwnerTag, ownerState } from "../files/process-tag.ts";

/** A download is ours, or somebody else is at it. */
export type Claim =
  | {
      readonly kind: "mine";
      readonly folder: string;
      /** Leaves what came to whoever asks for it next. */
      release(): Promise<void>;
      /** Removes it. */
      remove(): Promise<void>;
    }
  | { readonly kind: "busy"; readonly doneBytes: number };

interface Candidate {
  readonly name: string;
  readonly sizeBytes: number;
  readonly isFree: boolean;
}

/** The process of another machine that has not written for so long is taken for dead; it cannot be asked. */
const SILENCE_OF_OTHER_HOSTS_MS = 10 * 60_000;

/**
 * Takes the unfinished download `key` for this process: one that a dead process or a failed try has left behind, else a
 * new one. Its owner stands in the folder's name and taking it over is renaming it, so of several processes one gets it,
 * and one that was killed holds nobody up. Who begins puts down a folder first and looks for others then: of two, the
 * later one sees the earlier one. When both see each other, both step back and are to ask again after a random while.
 */
export async function claimPartial(partials: string, key: string, clock: Clock): Promise<Claim> {
  await mkdir(partials, { recursive: true });
  for (;;) {
    const candidates = await candidatesOf(partials, key, clock);
    const busy = candidates.find(({ isFree }) => !isFree);
    if (busy !== undefined) return { kind: "busy", doneBytes: busy.sizeBytes };
    const name = `${key},${createOwnerTag()}`;
    const largest = candidates.toSorted((a, b) => b.sizeBytes - a.sizeBytes)[0];
    if (largest === undefined) {
      await mkdir(join(partials, name));
      const others = (await candidatesOf(partials, key, clock)).filter((other) => other.name !== name && !other.isFree);
      if (others.length === 0) return mine(partials, key, name);
      await rm(join(partials, name), { recursive: true });
      return { kind: "busy", doneBytes: 0 };
    } else if (await renameIfThere(join(partials, largest.name), join(partials, name))) {
      return mine(partials, key, name);
    }
  }
}

function mine(partials: string, key: string, name: string): Claim {
  const folder = join(partials, name);
  return {
    kind: "mine",
    folder,
    async release() {
      await renameIfThere(folder, join(partials, `${key},free-${randomBytes(6).toString("hex")}`));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function candidatesOf(partials: string, key: string, clock: Clock): Promise<readonly Candidate[]> {
  const names = (await namesIn(partials)).filter((name) => name.startsWith(`${key},`));
  return Promise.all(
    names.map(async (name) => {
      const data = await statIfThere(join(partials, name, "data"));
      const folder = data ?? (await statIfThere(join(partials, name)));
      return {
        name,
        sizeBytes: Number(data?.size ?? 0n),
        isFree: isFree(name.slice(key.length + 1), Number(folder?.mtimeMs ?? 0n), clock),
      };
    }),
  );
}

function isFree(owner: string, changedAtMs: number, clock: Clock): boolean {
  const state = ownerState(owner);
  return state === "dead" || (state === "unknown" && clock.epochMs() - changedAtMs > SILENCE_OF_OTHER_HOSTS_MS);
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return false; // somebody else was faster
    throw error;
  }
}
