import { mkdtempSync, rmSync, statSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { apiKeyId, createApiKey } from "./api-key.ts";
import { createKeyRing } from "./key-ring.ts";
import { addKey, readKeys, removeKey, type KeyFiles } from "./key-store.ts";

let folder: string;
let files: KeyFiles;
const now = new Date("2026-01-01T00:00:00Z");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stargate-keyring-"));
  files = { keysFile: join(folder, "deep", "keys.json"), pepperFile: join(folder, "deep", "pepper") };
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a key has a public id and 256 random bits", () => {
  const { key, id } = createApiKey();
  expect(key).toMatch(/^sg_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
  expect(apiKeyId(key)).toBe(id);
  expect(apiKeyId(key.slice(1))).toBeUndefined();
});

test("only a hash is stored, in files only their owner can read", () => {
  const { key } = addKey(files, { tenant: "clinic", now });
  expect(readFileSync(files.keysFile, "utf8")).not.toContain(key.slice(-43));
  expect(statSync(files.keysFile).mode & 0o077).toBe(0);
  expect(statSync(files.pepperFile).mode & 0o077).toBe(0);
});

test("a key leads to its tenant", () => {
  const { key } = addKey(files, { tenant: "clinic", now });
  using ring = createKeyRing(files);
  expect(ring.authenticate(`Bearer ${key}`, now.getTime())).toBe("clinic");
  expect(ring.authenticate(`bearer  ${key}`, now.getTime())).toBe("clinic");
});

test("a hash under another pepper does not match", () => {
  const { key } = addKey(files, { tenant: "clinic", now });
  using ring = createKeyRing({ ...files, pepper: "x".repeat(32) });
  expect(() => ring.authenticate(`Bearer ${key}`, now.getTime())).toThrow("not known");
});

test("an expired key says when it expired", () => {
  const { key } = addKey(files, { tenant: "clinic", now, expiresAt: now });
  using ring = createKeyRing(files);
  expect(() => ring.authenticate(`Bearer ${key}`, now.getTime())).toThrow("expired on 2026-01-01T00:00:00.000Z");
  expect(ring.authenticate(`Bearer ${key}`, now.getTime() - 1)).toBe("clinic");
});

test("new and revoked keys count after a reload, and a half-edited file changes nothing", () => {
  using ring = createKeyRing(files);
  expect(ring.size).toBe(0);
  const { key, record } = addKey(files, { tenant: "clinic", now });
  ring.reload();
  expect(ring.authenticate(`Bearer ${key}`, now.getTime())).toBe("clinic");
  const good = readFileSync(files.keysFile, "utf8");
  writeFileSync(files.keysFile, good.slice(0, 20));
  ring.reload();
  expect(ring.authenticate(`Bearer ${key}`, now.getTime())).toBe("clinic");
  writeFileSync(files.keysFile, good);
  expect(removeKey(files, record.id)).toBe(true);
  ring.reload();
  expect(() => ring.authenticate(`Bearer ${key}`, now.getTime())).toThrow("not known");
});

test("damaged key files, short peppers and lost peppers are named", () => {
  addKey(files, { tenant: "clinic", now });
  expect(() => createKeyRing({ ...files, pepper: "short" })).toThrow("needs at least 32");
  expect(() => createKeyRing({ ...files, pepperFile: join(folder, "lost") })).toThrow("no pepper");
  writeFileSync(files.keysFile, JSON.stringify({ version: 1, keys: [{ id: "zz" }] }));
  expect(() => readKeys(files)).toThrow(/damaged: keys\[0\]\.id/);
});
