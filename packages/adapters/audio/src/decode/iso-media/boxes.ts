/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2). */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** Head of the box at `offset`, `view` beginning there; undefined when it is cut. `limit`: end of what surrounds it. */
export function boxAt(view: DataView, offset: number, limit: number): Box | undefined {
  if (view.byteLength < 8) return undefined;
  const size = view.getUint32(0);
  const type = String.fromCharCode(view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7));
  if (size === 1) {
    if (view.byteLength < 16) return undefined;
    return { type, start: offset, bodyStart: offset + 16, end: offset + Number(view.getBigUint64(8)) };
  }
  return { type, start: offset, bodyStart: offset + 8, end: size === 0 ? limit : offset + size };
}

/** Boxes inside `bytes`, those inside containers included. */
export function* boxesIn(bytes: DataView, start = 0, end = bytes.byteLength): Generator<Box> {
  for (let offset = start; offset + 8 <= end;) {
    const box = boxAt(new DataView(bytes.buffer, bytes.byteOffset + offset, end - offset), offset, end);
    if (box === undefined || box.end <= offset || box.end > end || box.bodyStart > box.end) return;
    yield box;
    if (containers.has(box.type)) yield* boxesIn(bytes, box.bodyStart, box.end);
    offset = box.end;
  }
}

const containers: ReadonlySet<string> = new Set(["moov", "trak", "mdia", "minf", "stbl"]);
