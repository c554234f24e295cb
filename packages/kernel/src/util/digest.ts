import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Json } from "./json.ts";
import { canonicalJson } from "./canonical-json.ts";

type Hasher = ReturnType<typeof sha256.create>;

/** "sha256:<hex>" of a JSON value in canonical form. Synchronous: for plans and options, not for media. */
export function digestJson(value: Json): string {
  return format(sha256(utf8ToBytes(canonicalJson(value))));
}

/** "sha256:<hex>" of bytes, read as a stream and never whole in memory. */
export async function digestBlob(blob: Blob): Promise<string> {
  const hasher = sha256.create();
  await feedBlob(hasher, blob);
  return format(hasher.digest());
}

/**
 * "sha256:<hex>" of any payload value: plain data, typed arrays and Blobs, nested.
 * A Blob alone hashes as its bytes, so a file's digest is what `sha256sum` prints.
 */
export async function digestValue(
  value: unknown,
  hashBlob: (blob: Blob) => Promise<string> = digestBlob,
): Promise<string> {
  if (value instanceof Blob) return hashBlob(value);
  const hasher = sha256.create();
  await feedValue(hasher, value, hashBlob);
  return format(hasher.digest());
}

async function feedValue(hasher: Hasher, value: unknown, hashBlob: (blob: Blob) => Promise<string>): Promise<void> {
  if (value instanceof Blob) return feedText(hasher, `b${await hashBlob(value)}`);
  if (ArrayBuffer.isView(value)) {
    feedText(hasher, `v${value.constructor.name}:${value.byteLength}:`);
    hasher.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return;
  }
  if (Array.isArray(value)) {
    feedText(hasher, `a${value.length}:`);
    for (const item of value) await feedValue(hasher, item, hashBlob);
    return;
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined && typeof member !== "function")
      .sort(([a], [b]) => (a < b ? -1 : 1));
    feedText(hasher, `o${entries.length}:`);
    for (const [key, member] of entries) {
      feedText(hasher, `k${key.length}:${key}`);
      await feedValue(hasher, member, hashBlob);
    }
    return;
  }
  feedText(hasher, typeof value === "string" ? `s${value.length}:${value}` : `p${String(value)};`);
}

function feedText(hasher: Hasher, text: string): void {
  hasher.update(utf8ToBytes(text));
}

async function feedBlob(hasher: Hasher, blob: Blob): Promise<void> {
  const reader = blob.stream().getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) hasher.update(chunk.value);
}

function format(bytes: Uint8Array): string {
  return `sha256:${bytesToHex(bytes)}`;
}
