import { randomFillSync } from "node:crypto";

const idBytes = 16;
const poolBytes = idBytes * 256;

/** Makes ids of 128 random bits as 32 hex digits. Draws from a pool: one call into OpenSSL for 256 ids. */
export function createRandomIds(): () => string {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  return () => {
    if (used === poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    used += idBytes;
    return pool.toString("hex", used - idBytes, used);
  };
}
