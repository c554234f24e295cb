import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { randomBytes } from "node:crypto";
import { fail, type RunScope, type Scratch } from "@stargate/kernel";
import { openFileBlob } from "./file-blob.ts";

export interface ScratchSpaceOptions {
  /** Parent of everything temporary. Default: "stargate" in the system's temporary folder. */
  readonly folder?: string | undefined;
  /** Bytes one run may store at most. Default 16 GiB. */
  readonly maxBytesPerRun?: number | undefined;
}

export interface ScratchSpace {
  open(scope: RunScope): { readonly scratch: Scratch; close(): Promise<void> };
  /** Removes what is left of all runs of this process. */
  close(): Promise<void>;
}

// Names of spaces this process holds: its own process id alone proves nothing, as every container has a process 1.
const ownSpaces = new Set<string>();

/**
 * Opens the place for temporary files: one folder per run, removed with the run. Folders left by processes of this
 * machine that have died are removed now. Files are streamed to disk and handed out as file-backed Blobs.
 */
export async function openScratchSpace(options: ScratchSpaceOptions = {}): Promise<ScratchSpace> {
  const root = options.folder ?? join(tmpdir(), "stargate");
  const maxBytes = options.maxBytesPerRun ?? 16 * 1024 ** 3;
  const name = `${hostname()}_${process.pid}_${randomBytes(6).toString("hex")}`;
  const folder = join(root, name);
  ownSpaces.add(name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeLeftovers(root);
  return {
    open: (scope) => openRunScratch(join(folder, encodeURIComponent(scope.runId)), maxBytes, scope.signal),
    async close() {
      await rm(folder, { recursive: true, force: true });
      ownSpaces.delete(name);
    },
  };
}

function openRunScratch(
  folder: string,
  maxBytes: number,
  signal: AbortSignal,
): { readonly scratch: Scratch; close(): Promise<void> } {
  let usedBytes = 0;
  let files = 0;
  async function* counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      usedBytes += chunk.byteLength;
      if (usedBytes > maxBytes)
        throw fail("SG_SCRATCH_FULL", `The run stored more than its ${maxBytes} bytes of temporary space`);
      yield chunk;
    }
  }
  return {
    scratch: {
      async put(body, mediaType) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const path = join(folder, String(files++));
        await pipeline(
          counted(body instanceof Blob ? body.stream() : body),
          createWriteStream(path, { flags: "wx", mode: 0o600 }),
          { signal },
        );
        return openFileBlob(path, mediaType ?? (body instanceof Blob ? body.type : ""));
      },
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function removeLeftovers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const [host, pid] = name.split("_");
    // A folder may be shared between machines and containers: only names of this machine can be judged.
    if (host !== hostname() || ownSpaces.has(name) || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    await rm(join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it lives, but is not ours
  }
}
