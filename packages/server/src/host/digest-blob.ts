import { createHash, hash } from "node:crypto";

/** Up to here a Blob is read whole: a stream takes ten times as long as hashing. */
const wholeBytes = 2 ** 20;

/** "sha256:<hex>" of a Blob with Node's native hash; a large one is never whole in memory. */
export async function digestBlob(blob: Blob): Promise<string> {
  if (blob.size <= wholeBytes) return `sha256:${hash("sha256", new Uint8Array(await blob.arrayBuffer()), "hex")}`;
  const streamed = createHash("sha256");
  for await (const chunk of blob.stream()) streamed.update(chunk);
  return `sha256:${streamed.digest("hex")}`;
}
