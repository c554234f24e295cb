import { randomBytes, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { formatProblems, schemaProblems } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../errors/server-errors.ts";
import { createApiKey, createPepper, hashApiKey } from "./api-key.ts";

const keyRecordSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  tenant: z.string().min(1),
  /** HMAC-SHA-256 under the pepper, 64 hex digits. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601 UTC. */
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
});
const keyFileSchema = z.strictObject({ version: z.literal(1), keys: z.array(keyRecordSchema).readonly() });

export type KeyRecord = Readonly<z.infer<typeof keyRecordSchema>>;

/** Where keys and pepper lie; absolute paths. */
export interface KeyFiles {
  readonly keysFile: string;
  readonly pepperFile: string;
  /** Value of STARGATE_PEPPER; wins over the file. */
  readonly pepper?: string | undefined;
}

/** Fewest characters of a pepper: 128 bits in hex. */
const shortestPepper = 32;

/** Reads the records; a missing file holds none. Throws SG_AUTH_KEYS. */
export function readKeys({ keysFile }: KeyFiles): readonly KeyRecord[] {
  if (!existsSync(keysFile)) return [];
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(keysFile, "utf8"));
  } catch (cause) {
    throw fail("SG_AUTH_KEYS", `The key file ${keysFile} cannot be read`, {
      cause,
      hint: "Restore it from a backup, or delete it and create the keys anew.",
    });
  }
  const parsed = keyFileSchema.safeParse(value);
  if (!parsed.success)
    throw fail(
      "SG_AUTH_KEYS",
      `The key file ${keysFile} is damaged: ${formatProblems(schemaProblems(parsed.error, keyFileSchema, value))}`,
    );
  return parsed.data.keys;
}

/** Reads the pepper, or undefined when there is none yet. Throws SG_AUTH_KEYS for one that is too short. */
export function readPepper({ pepperFile, pepper }: KeyFiles): KeyObject | undefined {
  const text = pepper ?? (existsSync(pepperFile) ? readFileSync(pepperFile, "utf8").trim() : undefined);
  if (text === undefined || text === "") return undefined;
  if (text.length < shortestPepper) {
    throw fail("SG_AUTH_KEYS", `The pepper has ${text.length} characters; it needs at least ${shortestPepper}`, {
      hint: "Set STARGATE_PEPPER to the output of `openssl rand -hex 32`.",
    });
  }
  return createPepper(Buffer.from(text));
}

export interface AddKeyOptions {
  readonly tenant: string;
  readonly expiresAt?: Date | undefined;
  readonly now: Date;
}

/** Makes a key, stores its hash (making the pepper if needed) and returns the key: the only time it is seen. */
export function addKey(
  files: KeyFiles,
  { tenant, expiresAt, now }: AddKeyOptions,
): { readonly key: string; readonly record: KeyRecord } {
  const records = readKeys(files);
  const pepper = readPepper(files) ?? writePepper(files.pepperFile);
  const { key, id } = createApiKey();
  const record: KeyRecord = {
    id,
    tenant,
    hash: hashApiKey(key, pepper).toString("hex"),
    createdAt: now.toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
  };
  writeKeys(files.keysFile, [...records, record]);
  return { key, record };
}

/** Removes a key; false when there is none of this id. */
export function removeKey(files: KeyFiles, id: string): boolean {
  const records = readKeys(files);
  const kept = records.filter((record) => record.id !== id);
  if (kept.length === records.length) return false;
  writeKeys(files.keysFile, kept);
  return true;
}

function writePepper(file: string): KeyObject {
  const text = randomBytes(32).toString("hex");
  writePrivately(file, `${text}\n`);
  return createPepper(Buffer.from(text));
}

function writeKeys(file: string, keys: readonly KeyRecord[]): void {
  writePrivately(file, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`);
}

/** Whole or not at all, readable by the owner only. */
function writePrivately(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${process.pid}.tmp`;
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, file);
  } catch (cause) {
    throw fail("SG_AUTH_KEYS", `Cannot write ${file}`, {
      cause,
      hint: "Make its folder writable for the user the gateway runs as.",
    });
  }
}
