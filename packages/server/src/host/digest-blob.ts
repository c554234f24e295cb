import { createHash } from "node:crypto";

/** "sha256:<hex>" of a Blob with Node's native hash, streamed: the Blob is never whole in memory. */
export async function digestBlob(blob: Blob): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of blob.stream()) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}
