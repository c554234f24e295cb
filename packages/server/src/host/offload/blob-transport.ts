import { fileRangeOf, openFileRange, type FileRange } from "../file-blob.ts";

/** How a worker takes Blobs that lie in memory: a thread shares them, a process needs their bytes. */
export type BlobMode = "share" | "bytes";

// Stand-ins for Blobs inside a message. A symbol would not survive the clone, so it is a name nobody uses.
const marker = "stargate:blob";

interface BlobStandIn {
  readonly [marker]: "file" | "bytes";
  readonly mediaType: string;
  readonly range?: FileRange;
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

/**
 * Replaces Blobs a message cannot carry by stand-ins, wherever they sit in plain objects and arrays.
 * File-backed Blobs travel as path and range. Gives `value` itself when there is nothing to replace.
 */
export function packBlobs(value: unknown, mode: BlobMode): Promise<unknown> {
  return mapBlobs(value, async (blob) => {
    const range = fileRangeOf(blob);
    if (range !== undefined) return { [marker]: "file", mediaType: blob.type, range } satisfies BlobStandIn;
    return mode === "share" ? memoryCopy(blob) : bytesOf(blob);
  });
}

const memoryCopies = new WeakMap<Blob, Promise<Blob>>();

/**
 * A copy of a Blob that another thread can read, made once however many tasks take it. The bytes of a Blob this host
 * did not open may lie in a file, which nothing tells: Node refuses to clone what `fs.openAsBlob` gives, but clones
 * its slices and Blobs around it, and then the whole process dies (v24.21) as soon as a worker reads the clone.
 */
function memoryCopy(blob: Blob): Promise<Blob> {
  let copy = memoryCopies.get(blob);
  if (copy === undefined) {
    copy = blob.arrayBuffer().then((bytes) => new Blob([bytes], { type: blob.type }));
    memoryCopies.set(blob, copy);
    copy.catch(() => memoryCopies.delete(blob)); // its reader gets the error; the next task may try again
  }
  return copy;
}

/** Makes Blobs of the stand-ins `packBlobs` put in. */
export async function unpackBlobs(value: unknown): Promise<unknown> {
  return mapLeaves(value, new Set(), isStandIn, (standIn) =>
    standIn.range === undefined
      ? new Blob(standIn.bytes === undefined ? [] : [standIn.bytes], { type: standIn.mediaType })
      : openFileRange(standIn.range, standIn.mediaType),
  );
}

function mapBlobs(value: unknown, replace: (blob: Blob) => unknown): Promise<unknown> {
  return mapLeaves(value, new Set(), (leaf) => leaf instanceof Blob, replace);
}

async function bytesOf(blob: Blob): Promise<BlobStandIn> {
  return { [marker]: "bytes", mediaType: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

function isStandIn(value: unknown): value is BlobStandIn {
  return typeof value === "object" && value !== null && marker in value;
}

// Walks plain objects and arrays only: other classes lose their methods in a clone anyway.
async function mapLeaves<Leaf>(
  value: unknown,
  seen: Set<object>,
  matches: (value: unknown) => value is Leaf,
  replace: (leaf: Leaf) => unknown,
): Promise<unknown> {
  if (matches(value)) return replace(value);
  if (typeof value !== "object" || value === null || seen.has(value) || !isPlain(value)) return value;
  seen.add(value);
  let copy: Record<string, unknown> | undefined;
  for (const [key, member] of Object.entries(value)) {
    if (typeof member !== "object" || member === null) continue;
    const mapped = await mapLeaves(member, seen, matches, replace);
    if (mapped === member) continue;
    copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>; // an array is indexed by its keys here
    copy[key] = mapped;
  }
  return copy ?? value;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
