/** Advance of the glyph, and the parts of the font size above and below the baseline, in thousandths. */
export const glyphMetrics = { widthThousandths: 500, ascentThousandths: 800, descentThousandths: -200 } as const;

const GLYPHS = 2;

/**
 * A TrueType font whose one glyph is a line without area: it leaves no mark, and yet has a box, without which pdfium
 * drops vertical text. Text set in it is found, selected and copied. PDF wants the file of a font that is used with
 * Identity-H embedded (ISO 32000-1 9.7.5.2).
 * Table layouts: https://learn.microsoft.com/typography/opentype/spec/
 */
export function glyphlessFontFile(): Uint8Array {
  const { widthThousandths: width, ascentThousandths: ascent, descentThousandths: descent } = glyphMetrics;
  // Fields of two bytes each. Version, revision, no checksum, magic number, flags, units per em, two dates of zero.
  const headStart = [1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0];
  const head = [...headStart, 0, descent, width, ascent, 0, 8, 2, 0, 0];
  const horizontalHeader = [1, 0, ascent, descent, 0, width, 0, 0, width, 1, 0, 0, 0, 0, 0, 0, 0, 1];
  const maximumProfile = [1, 0, GLYPHS, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  // One contour of two points on the curve, from the lower left to the upper right of the box.
  const glyphs = words([1, 0, descent, width, ascent, 1, 0, 0x0101, 0, width, descent, ascent - descent]);
  return assemble({
    cmap: words([0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xffff, 0, 0xffff, 1, 0]),
    glyf: glyphs,
    head: words(head),
    hhea: words(horizontalHeader),
    // One advance for all glyphs, then a left side bearing for each further one.
    hmtx: words([width, 0, 0]),
    // Offsets in units of two bytes: glyph 0, for what is missing, is empty.
    loca: words([0, 0, glyphs.length / 2]),
    maxp: words(maximumProfile),
  });
}

function words(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  values.forEach((value, at) => view.setUint16(at * 2, value & 0xffff));
  return new Uint8Array(view.buffer);
}

/** Tables behind their directory, each padded to four bytes. */
function assemble(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(tables);
  const directoryBytes = 12 + entries.length * 16;
  const size = entries.reduce((sum, [, table]) => sum + padded(table.length), directoryBytes);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const power = 2 ** Math.floor(Math.log2(entries.length));
  words([1, 0, entries.length, power * 16, Math.log2(power), (entries.length - power) * 16]).forEach(
    (byte, at) => (file[at] = byte),
  );
  let offset = directoryBytes;
  entries.forEach(([name, table], index) => {
    file.set(table, offset);
    const entry = 12 + index * 16;
    new TextEncoder().encodeInto(name, file.subarray(entry));
    view.setUint32(entry + 4, checksum(file, offset, padded(table.length)));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, table.length);
    offset += padded(table.length);
  });
  return file;
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

function checksum(file: Uint8Array, offset: number, bytes: number): number {
  const view = new DataView(file.buffer, offset, bytes);
  let sum = 0;
  for (let at = 0; at < bytes; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}
