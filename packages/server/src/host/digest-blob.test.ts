import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { digestBlob } from "./digest-blob.ts";

it.each([0, 3, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20])("%i bytes have the digest of their bytes", async (size) => {
  const bytes = new Uint8Array(size).map((_, index) => index * 31);
  expect(await digestBlob(new Blob([bytes]))).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
});
