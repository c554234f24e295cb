import type { ByteRange, ByteSource } from "./byte-source.ts";

/** Blocks in which an address is read and remembered. */
const BLOCK_BYTES = 16 * 1024;

/** Most bytes of one request. */
const MAX_RUN_BYTES = 8 * 1024 * 1024;

const DEFAULT_KEPT_BYTES = 8 * 1024 * 1024;

export interface RangeReader {
  readonly source: ByteSource;
  /** Bytes of each range, in the order of the ranges; neighbours come with one request. */
  read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array<ArrayBuffer>[]>;
  /** The same for what is read once and is big: nothing of it is kept. */
  readOnce(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array<ArrayBuffer>[]>;
}

/**
 * Reads a source in aligned blocks and keeps the latest of them, at most `keptBytes`. Two readers of the same block at the
 * same time share one request. Throws what the source throws.
 */
export function createRangeReader(source: ByteSource, keptBytes = DEFAULT_KEPT_BYTES): RangeReader {
  const blocks = new Map<number, Uint8Array<ArrayBuffer>>();
  const pending = new Map<number, Promise<void>>();

  function keep(block: number, bytes: Uint8Array<ArrayBuffer>): void {
    blocks.delete(block);
    blocks.set(block, bytes);
    while (blocks.size * BLOCK_BYTES > keptBytes) blocks.delete(blocks.keys().next().value as number); // not empty
  }

  async function load({ first, end }: BlockRun, signal: AbortSignal, into: Map<number, Uint8Array<ArrayBuffer>>) {
    const bytes = await source.read(first * BLOCK_BYTES, (end - first) * BLOCK_BYTES, signal);
    for (let block = first; block < end; block++) {
      // Copied, so that one small block does not keep its whole run.
      const part = bytes.slice((block - first) * BLOCK_BYTES, (block - first + 1) * BLOCK_BYTES);
      into.set(block, part);
      keep(block, part);
    }
  }

  async function read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    const wanted = new Set<number>();
    for (const { offset, lengthBytes } of ranges) {
      if (lengthBytes <= 0) continue;
      for (let block = blockOf(offset); block <= blockOf(offset + lengthBytes - 1); block++) wanted.add(block);
    }
    const here = new Map<number, Uint8Array<ArrayBuffer>>();
    const missing: number[] = [];
    const coming = new Set<Promise<void>>();
    for (const block of wanted) {
      const known = blocks.get(block);
      const loading = pending.get(block);
      if (known !== undefined) {
        keep(block, known);
        here.set(block, known);
      } else if (loading === undefined) missing.push(block);
      else coming.add(loading);
    }
    const own = runsOf(missing, source.bridgeBytes / BLOCK_BYTES, MAX_RUN_BYTES / BLOCK_BYTES).map((run) => {
      const loading = load(run, signal, here).finally(() => {
        for (let block = run.first; block < run.end; block++) if (pending.get(block) === loading) pending.delete(block);
      });
      for (let block = run.first; block < run.end; block++) pending.set(block, loading);
      return loading;
    });
    await Promise.all(own);
    await Promise.allSettled(coming);
    for (const block of wanted) {
      const known = here.has(block) ? undefined : blocks.get(block);
      if (known !== undefined) here.set(block, known);
    }
    // Somebody else's request may have failed or been cancelled: what is still missing is asked for once more.
    const lost = [...wanted].filter((block) => !here.has(block));
    await Promise.all(runsOf(lost, 0, MAX_RUN_BYTES / BLOCK_BYTES).map((run) => load(run, signal, here)));
    return ranges.map((range) => assemble(range, here));
  }

  return {
    source,
    read,
    async readOnce(ranges, signal) {
      const order = ranges
        .map((range, index) => ({ range, index }))
        .toSorted((a, b) => a.range.offset - b.range.offset);
      const results: Uint8Array<ArrayBuffer>[] = Array.from({ length: ranges.length }, () => new Uint8Array(0));
      const runs: { offset: number; end: number; members: typeof order }[] = [];
      for (const entry of order) {
        const end = entry.range.offset + entry.range.lengthBytes;
        const last = runs.at(-1);
        const joins =
          last !== undefined &&
          entry.range.offset - last.end <= source.bridgeBytes &&
          end - last.offset <= MAX_RUN_BYTES;
        if (joins) {
          last.end = Math.max(last.end, end);
          last.members.push(entry);
        } else runs.push({ offset: entry.range.offset, end, members: [entry] });
      }
      await Promise.all(
        runs.map(async ({ offset, end, members }) => {
          const bytes = await source.read(offset, end - offset, signal);
          for (const { range, index } of members)
            results[index] = bytes.subarray(range.offset - offset, range.offset - offset + range.lengthBytes);
        }),
      );
      return results;
    },
  };
}

interface BlockRun {
  readonly first: number;
  readonly end: number;
}

const blockOf = (offset: number): number => Math.floor(offset / BLOCK_BYTES);

/** Blocks that are read together: neighbours, and those with less than `bridge` blocks between them. */
function runsOf(blocks: readonly number[], bridge: number, maxBlocks: number): readonly BlockRun[] {
  const runs: { first: number; end: number }[] = [];
  for (const block of blocks.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && block - last.end <= bridge && block + 1 - last.first <= maxBlocks) last.end = block + 1;
    else runs.push({ first: block, end: block + 1 });
  }
  return runs;
}

function assemble(
  { offset, lengthBytes }: ByteRange,
  blocks: ReadonlyMap<number, Uint8Array<ArrayBuffer>>,
): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(Math.max(0, lengthBytes));
  let filled = 0;
  while (filled < lengthBytes) {
    const block = blockOf(offset + filled);
    const within = offset + filled - block * BLOCK_BYTES;
    const part = blocks.get(block)?.subarray(within, within + lengthBytes - filled);
    if (part === undefined || part.length === 0) break; // the file ends here
    output.set(part, filled);
    filled += part.length;
  }
  return output.subarray(0, filled);
}
