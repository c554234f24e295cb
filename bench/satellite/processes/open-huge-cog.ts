import { createPortableHost, type GatedFetch } from "@stargate/kernel";
import { openBand } from "../../../packages/adapters/satellite/src/read/open-band.ts";

/** Opens a file of a million tiles and reads windows all over it; says what it keeps, in bytes. Needs --expose-gc. */
const [href = ""] = process.argv.slice(2);
const { offload } = createPortableHost();
const plainFetch: GatedFetch = (input, init) => fetch(input, init);
const context = { fetch: plainFetch, offload, signal: new AbortController().signal };

const settled = async (): Promise<number> => {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

// What the code itself takes is no business of the file: it is loaded before.
const warm = await fetch(href, { headers: { range: "bytes=0-1" } });
await warm.arrayBuffer();
const before = await settled();
const band = await openBand({ name: "b", holds: "other", sample: 0, source: { kind: "remote", href } }, context);
const opened = (await settled()) - before;
const side = band.grid.widthPixels - 64;
for (let index = 0; index < 200; index++)
  await band.readWindow({
    column: (index * 7919 * 16) % side,
    row: (index * 104_729) % side,
    widthPixels: 32,
    heightPixels: 32,
  });
const used = (await settled()) - before;
process.stdout.write(`${JSON.stringify({ opened, used, widthPixels: band.grid.widthPixels })}\n`);
