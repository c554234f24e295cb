/**
 * Writes the few parts of the WebAssembly binary format that a compiled band expression needs
 * (WebAssembly core specification 2.0, chapter 5).
 */

/** Value types. */
const valueTypes = { i32: 0x7f, i64: 0x7e, f64: 0x7c } as const;

/** Instructions used here. */
export const op = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  call: 0x10,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Load: 0x28,
  f32Load: 0x2a,
  f64Load: 0x2b,
  i32Load8Signed: 0x2c,
  i32Load8Unsigned: 0x2d,
  i32Load16Signed: 0x2e,
  i32Load16Unsigned: 0x2f,
  f32Store: 0x38,
  f64Store: 0x39,
  i32Const: 0x41,
  i64Const: 0x42,
  f64Const: 0x44,
  i32LessUnsigned: 0x49,
  f64Equal: 0x61,
  f64NotEqual: 0x62,
  f64Less: 0x63,
  f64Greater: 0x64,
  f64LessOrEqual: 0x65,
  f64GreaterOrEqual: 0x66,
  i32Add: 0x6a,
  i32Multiply: 0x6c,
  i32And: 0x71,
  i64Subtract: 0x7d,
  i64And: 0x83,
  i64Or: 0x84,
  i64ShiftRightUnsigned: 0x88,
  f64Absolute: 0x99,
  f64Negate: 0x9a,
  f64SquareRoot: 0x9f,
  f64Add: 0xa0,
  f64Subtract: 0xa1,
  f64Multiply: 0xa2,
  f64Divide: 0xa3,
  f64Minimum: 0xa4,
  f64Maximum: 0xa5,
  f32FromF64: 0xb6,
  f64FromI32Signed: 0xb7,
  f64FromI32Unsigned: 0xb8,
  f64FromI64Signed: 0xb9,
  f64FromF32: 0xbb,
  i64FromBits: 0xbd,
  f64FromBits: 0xbf,
} as const;

/** Instructions and their operands, in a row. */
export function code(...parts: readonly (number | readonly number[])[]): readonly number[] {
  return parts.flat();
}

/** Unsigned LEB128. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** i64.const. */
export function integer64(value: bigint): readonly number[] {
  return [op.i64Const, ...signed(value)];
}

/** Signed LEB128. */
export function signed(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** f64.const with its eight bytes. */
export function constant(value: number): readonly number[] {
  return [op.f64Const, ...new Uint8Array(new Float64Array([value]).buffer)];
}

/**
 * A module with one function `run(pixels: i32)`; it imports the memory `e.m` and `e.p` (power).
 * Locals are numbered after the parameter: one of i32, one of i64, then those of f64.
 */
export function wasmModule(body: readonly number[], doubles: number): Uint8Array<ArrayBuffer> {
  const { i32, i64, f64 } = valueTypes;
  const types = [
    [0x60, 2, f64, f64, 1, f64],
    [0x60, 1, i32, 0],
  ];
  const imports = [
    [...text("e"), ...text("m"), 0x02, 0x00, 1],
    [...text("e"), ...text("p"), 0x00, 0],
  ];
  const run = code([3, 1, i32, 1, i64], unsigned(doubles), f64, body, op.end);
  return Uint8Array.from(
    code(
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, list(types)),
      section(2, list(imports)),
      section(3, list([[1]])),
      section(7, list([[...text("run"), 0x00, 1]])),
      section(10, list([[...unsigned(run.length), ...run]])),
    ),
  );
}

/** Number of the imported function. */
export const POWER_FUNCTION = 0;

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): readonly number[] {
  return [value.length, ...new TextEncoder().encode(value)];
}
