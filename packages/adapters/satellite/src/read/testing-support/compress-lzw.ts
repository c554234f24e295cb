const CLEAR = 256;
const END = 257;

/** TIFF's LZW, written as TIFF 6.0 describes it, with a table of strings. */
export function compressLzw(bytes: Uint8Array): Uint8Array {
  const output: number[] = [];
  let buffer = 0;
  let held = 0;
  let bits = 9;
  const put = (code: number): void => {
    buffer = (buffer << bits) | code;
    held += bits;
    while (held >= 8) {
      held -= 8;
      output.push((buffer >> held) & 255);
    }
    buffer &= (1 << held) - 1;
  };
  let table = new Map<string, number>();
  let next = 258;
  put(CLEAR);
  let current = "";
  for (const byte of bytes) {
    const longer = `${current},${byte}`;
    if (current === "" || table.has(longer)) {
      current = longer;
      continue;
    }
    put(codeOf(current, table));
    table.set(longer, next++);
    if (next === 512 || next === 1024 || next === 2048) bits++;
    if (next === 4094) {
      put(CLEAR);
      table = new Map();
      next = 258;
      bits = 9;
    }
    current = `,${byte}`;
  }
  if (current !== "") put(codeOf(current, table));
  // The decoder has made one more code by now.
  next++;
  if (next === 512 || next === 1024 || next === 2048) bits++;
  put(END);
  if (held > 0) output.push((buffer << (8 - held)) & 255);
  return Uint8Array.from(output);
}

function codeOf(text: string, table: ReadonlyMap<string, number>): number {
  return table.get(text) ?? Number(text.slice(1));
}
