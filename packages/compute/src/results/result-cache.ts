import type { Clock, Log, ResultCache, StepResult } from "@stargate/kernel";
import { packValue, unpackValue } from "./packed-value.ts";
import { openResultFolder } from "./result-folder.ts";

export interface ResultCacheOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes kept in memory, all tenants together. Default 64 MiB. */
  readonly maxMemoryBytes?: number | undefined;
  /** Where results outlive the process. Absent: they do not. */
  readonly folder?: string | undefined;
  /** Bytes kept in the folder. Default 1 GiB. */
  readonly maxFolderBytes?: number | undefined;
  /** Largest single result. Default 16 MiB. */
  readonly maxEntryBytes?: number | undefined;
  /** Results older than this are not used. Default 24 hours. */
  readonly maxAgeMs?: number | undefined;
  /** Steps predicted to take less are done again. Default 20. */
  readonly worthMs?: number | undefined;
}

/** A cache, and how to wait for what it is still writing. */
export interface OpenResultCache extends ResultCache {
  settled(): Promise<void>;
}

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;

interface Kept {
  readonly bytes: Buffer;
  readonly atMs: number;
}

interface Packed {
  readonly atMs: number;
  readonly result: StepResult;
}

/**
 * Keeps results of steps in memory, the least recently used go first, and in a folder where one is given. Tenants never
 * see one another's. Every answer is a copy. What cannot be kept (too large, not plain data) is done again.
 */
export async function openResultCache(options: ResultCacheOptions): Promise<OpenResultCache> {
  const { clock, log, maxMemoryBytes = 64 * MIB, maxEntryBytes = 16 * MIB, maxAgeMs = 24 * HOUR_MS } = options;
  const folder =
    options.folder === undefined
      ? undefined
      : await openResultFolder(options.folder, options.maxFolderBytes ?? 1024 * MIB);
  const memory = new Map<string, Kept>();
  const writing = new Set<Promise<void>>();
  let memoryBytes = 0;

  const forget = (id: string): void => {
    memoryBytes -= memory.get(id)?.bytes.byteLength ?? 0;
    memory.delete(id);
  };
  const remember = (id: string, kept: Kept): void => {
    forget(id);
    memory.set(id, kept);
    memoryBytes += kept.bytes.byteLength;
    for (const [oldest] of memory) {
      if (memoryBytes <= maxMemoryBytes) return;
      forget(oldest);
    }
  };
  const recall = async (id: string): Promise<Kept | undefined> => {
    const kept = memory.get(id);
    if (kept !== undefined) return kept;
    const bytes = await folder?.read(id);
    const atMs = bytes === undefined ? undefined : readAge(bytes);
    return bytes === undefined || atMs === undefined ? undefined : { bytes, atMs };
  };
  const keep = async (id: string, result: StepResult): Promise<void> => {
    const atMs = clock.epochMs();
    const bytes = await packValue({ atMs, result } satisfies Packed, maxEntryBytes);
    if (bytes === undefined) return;
    remember(id, { bytes, atMs });
    await folder?.write(id, bytes);
  };

  return {
    worthMs: options.worthMs ?? 20,
    async get(tenant, key) {
      const id = `${tenant}\n${key}`;
      const kept = await recall(id);
      if (kept === undefined) return undefined;
      if (clock.epochMs() - kept.atMs > maxAgeMs) {
        forget(id);
        await folder?.remove(id);
        return undefined;
      }
      remember(id, kept);
      return (unpackValue(kept.bytes) as Packed).result; // only `keep` writes entries
    },
    put(tenant, key, result, { sizeBytes = 0 }) {
      if (sizeBytes > maxEntryBytes) return;
      const done = keep(`${tenant}\n${key}`, result).catch((error: unknown) => {
        log.warn("A result could not be kept", { error: String(error) });
      });
      writing.add(done);
      void done.finally(() => writing.delete(done));
    },
    async settled() {
      await Promise.all(writing);
    },
  };
}

/** Undefined for a file that is damaged: it does not count. */
function readAge(bytes: Buffer): number | undefined {
  try {
    const packed = unpackValue(bytes);
    return typeof packed === "object" && packed !== null && "atMs" in packed && typeof packed.atMs === "number"
      ? packed.atMs
      : undefined;
  } catch {
    return undefined;
  }
}
