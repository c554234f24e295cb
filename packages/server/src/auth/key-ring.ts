import { timingSafeEqual, type KeyObject } from "node:crypto";
import { unwatchFile, watchFile } from "node:fs";
import { fail } from "../errors/server-errors.ts";
import { apiKeyId, createPepper, hashApiKey } from "./api-key.ts";
import { readKeys, readPepper, type KeyFiles } from "./key-store.ts";

interface RingEntry {
  readonly tenant: string;
  readonly hash: Buffer;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** The keys a running gateway accepts. Follows the key file, so that new and revoked keys count without a restart. */
export interface KeyRing extends Disposable {
  /** Number of keys, expired ones included. */
  readonly size: number;
  /**
   * Tenant of an Authorization header. Throws SG_AUTH_REQUIRED without one and SG_AUTH_INVALID for a wrong one.
   * Takes as long for an unknown key as for a known one.
   */
  authenticate(authorization: string | undefined, nowMs: number): string;
  /** Reads the key file again; keeps the keys there are when it cannot be read. */
  reload(): void;
}

const bearerPattern = /^Bearer +(\S+)$/i;
const unknownEntry: RingEntry = { tenant: "", hash: Buffer.alloc(32), expiresAtMs: 0 };

/** How often the key file's modification time is looked at. */
const watchIntervalMs = 1000;

/** Opens the keys of an installation. Throws SG_AUTH_KEYS. */
export function createKeyRing(files: KeyFiles): KeyRing {
  let { entries, pepper } = loadRing(files);
  const reload = (): void => {
    try {
      ({ entries, pepper } = loadRing(files));
    } catch {
      // A file caught half-edited must not lock everybody out; the next change is read again.
    }
  };
  watchFile(files.keysFile, { interval: watchIntervalMs, persistent: false }, reload);
  return {
    get size() {
      return entries.size;
    },
    authenticate(authorization, nowMs) {
      if (authorization === undefined) throw fail("SG_AUTH_REQUIRED", "This gateway asks for an API key");
      const key = bearerPattern.exec(authorization)?.[1];
      const id = key === undefined ? undefined : apiKeyId(key);
      const entry = (id === undefined ? undefined : entries.get(id)) ?? unknownEntry;
      const equal = timingSafeEqual(hashApiKey(key ?? "", pepper), entry.hash);
      if (!equal || entry === unknownEntry) throw fail("SG_AUTH_INVALID", "The API key is not known here");
      if (nowMs >= entry.expiresAtMs)
        throw fail(
          "SG_AUTH_INVALID",
          `The API key ${id ?? ""} expired on ${new Date(entry.expiresAtMs).toISOString()}`,
        );
      return entry.tenant;
    },
    reload,
    [Symbol.dispose]: () => unwatchFile(files.keysFile, reload),
  };
}

function loadRing(files: KeyFiles): { readonly entries: ReadonlyMap<string, RingEntry>; readonly pepper: KeyObject } {
  const records = readKeys(files);
  const pepper = readPepper(files);
  if (records.length > 0 && pepper === undefined) {
    throw fail(
      "SG_AUTH_KEYS",
      `There are ${records.length} API keys in ${files.keysFile} but no pepper to check them with`,
      { hint: `Restore ${files.pepperFile} or set STARGATE_PEPPER, or delete the key file and create the keys anew.` },
    );
  }
  const entries = records.map(({ id, tenant, hash, expiresAt }): [string, RingEntry] => [
    id,
    { tenant, hash: Buffer.from(hash, "hex"), expiresAtMs: expiresAt === undefined ? Infinity : Date.parse(expiresAt) },
  ]);
  // Without keys nothing can match; any pepper keeps the work per request the same.
  return { entries: new Map(entries), pepper: pepper ?? createPepper(Buffer.alloc(32)) };
}
