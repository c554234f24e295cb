import { fail } from "../../audio-errors.ts";
import { type Box, boxAt, boxesIn } from "./boxes.ts";

/** Index of a day of film; a larger one is no index. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** Boxes on the top level before the index: a fragmented file has its index first. */
const MAX_BOXES = 10_000;

/** Sample entries of protected sound: iTunes' and those of the Common Encryption scheme (ISO/IEC 23001-7). */
const protectedEntries: ReadonlySet<string> = new Set(["drms", "enca"]);

/**
 * An MP4 or QuickTime file that can be read from front to back: phones write the index ("moov") last, and a pipe cannot
 * go back. Moves it to the front and adds its length to the places it names; the sound itself is not read.
 * Throws SG_INPUT_CORRUPT without an index (a file that breaks off), SG_INPUT_ENCRYPTED for protected sound.
 */
export async function streamableIsoMedia(blob: Blob): Promise<Blob> {
  const found = await findIndex(blob);
  if (found === undefined)
    throw fail(
      "SG_INPUT_CORRUPT",
      `The file breaks off before its index (moov): nothing of its ${blob.size} bytes can be read`,
      {
        hint: "Send the whole file; it was cut while it was recorded or copied.",
      },
    );
  const { box, isLast } = found;
  const index = new DataView(await blob.slice(box.start, box.end).arrayBuffer());
  refuseProtected(index);
  if (!isLast) return blob;
  const length = box.end - box.start;
  for (const inner of boxesIn(index)) moveOffsets(index, inner, { by: length, before: box.start });
  const head = new DataView(await blob.slice(0, 16).arrayBuffer());
  const first = boxAt(head, 0, blob.size);
  const cut = first?.type === "ftyp" ? first.end : 0;
  return new Blob([blob.slice(0, cut), index.buffer as ArrayBuffer, blob.slice(cut, box.start), blob.slice(box.end)]);
}

async function findIndex(blob: Blob): Promise<{ readonly box: Box; readonly isLast: boolean } | undefined> {
  let sawMedia = false;
  for (let offset = 0, count = 0; offset < blob.size && count < MAX_BOXES; count++) {
    const box = boxAt(new DataView(await blob.slice(offset, offset + 16).arrayBuffer()), offset, blob.size);
    if (box === undefined || box.end <= offset) return undefined;
    if (box.type === "moov")
      return box.end > blob.size || box.end - box.start > MAX_INDEX_BYTES ? undefined : { box, isLast: sawMedia };
    sawMedia ||= box.type === "mdat";
    offset = box.end;
  }
  return undefined;
}

function refuseProtected(index: DataView): void {
  for (const { type, bodyStart } of boxesIn(index)) {
    if (type !== "stsd" || bodyStart + 16 > index.byteLength) continue;
    const entry = boxAt(new DataView(index.buffer, index.byteOffset + bodyStart + 8), 0, Infinity);
    if (entry !== undefined && protectedEntries.has(entry.type))
      throw fail("SG_INPUT_ENCRYPTED", "The recording is protected (DRM) and can be played by its own player only", {
        hint: "Send a copy without protection.",
      });
  }
}

/** Adds to each chunk offset (ISO/IEC 14496-12, 8.7.5) that points before the place the index is taken from. */
function moveOffsets(view: DataView, { type, bodyStart, end }: Box, move: { by: number; before: number }): void {
  if (type !== "stco" && type !== "co64") return;
  const width = type === "stco" ? 4 : 8;
  const count = Math.min(view.getUint32(bodyStart + 4), Math.floor((end - bodyStart - 8) / width));
  for (let entry = 0; entry < count; entry++) {
    const at = bodyStart + 8 + entry * width;
    const offset = width === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
    if (offset >= move.before) continue;
    if (width === 4) view.setUint32(at, offset + move.by);
    else view.setBigUint64(at, BigInt(offset + move.by));
  }
}
