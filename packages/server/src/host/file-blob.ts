import { openAsBlob } from "node:fs";

/** Where the bytes of a file-backed Blob lie. `start` and `end` are byte offsets, `end` exclusive. */
export interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

const ranges = new WeakMap<Blob, FileRange>();

/**
 * Opens a file as a Blob whose bytes are read on demand, and remembers its path: Node refuses to clone
 * file-backed Blobs into a worker (and slices of them arrive unreadable), so this host sends the path instead.
 * The file must stay unchanged as long as the Blob is used.
 */
export async function openFileBlob(path: string, mediaType = ""): Promise<Blob> {
  const blob = await openAsBlob(path, { type: mediaType });
  return remember(blob, { path, start: 0, end: blob.size });
}

/** The range of a file a Blob stands for, or undefined when it is not one of `openFileBlob` (or a slice of one). */
export function fileRangeOf(blob: Blob): FileRange | undefined {
  return ranges.get(blob);
}

/** Opens a range of a file again, in another thread or process. */
export async function openFileRange(range: FileRange, mediaType: string): Promise<Blob> {
  const whole = await openFileBlob(range.path, mediaType);
  return range.start === 0 && range.end === whole.size ? whole : whole.slice(range.start, range.end, mediaType);
}

function remember(blob: Blob, range: FileRange): Blob {
  ranges.set(blob, range);
  // An own property: the Blob keeps Node's own class and internals, only its slices are remembered as well.
  Object.defineProperty(blob, "slice", {
    value: (start?: number, end?: number, mediaType?: string): Blob => {
      const slice = Blob.prototype.slice.call(blob, start, end, mediaType);
      const offset = range.start + clampOffset(start ?? 0, blob.size);
      return remember(slice, { path: range.path, start: offset, end: offset + slice.size });
    },
  });
  return blob;
}

// Negative offsets count from the end, as the File API says.
function clampOffset(offset: number, size: number): number {
  return offset < 0 ? Math.max(size + offset, 0) : Math.min(offset, size);
}
