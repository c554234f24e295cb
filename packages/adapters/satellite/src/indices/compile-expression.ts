import { didYouMean } from "@stargate/kernel/backend";
import type { RasterValues } from "../modalities/raster/raster-schema.ts";
import { fail } from "../satellite-errors.ts";
import { emitExpression } from "./emit-expression.ts";
import type { ExpressionNode } from "./expression-syntax.ts";
import { parseExpression } from "./parse-expression.ts";
import { code, constant, op, signed, unsigned, wasmModule } from "./wasm-module.ts";

/** Pixels of one block: bands and result of a block stay in the processor's second cache. */
const BLOCK_PIXELS = 4096;
/** Numbers kept for each band besides its pixels: scale, offset, and the one for nothing observed. */
const PARAMETERS = 3;
/** Bytes kept for one band (or the result) of a block: eight for every pixel. */
const SLOT_BYTES = BLOCK_PIXELS * 8;
const PAGE_BYTES = 65_536;
/** Most different bands in one expression. */
const MAX_BANDS = 32;

export interface CompiledExpression {
  /** Names of the bands it reads, in the order they occur. */
  readonly bands: readonly string[];
  /**
   * Computes the expression for every pixel, in double precision. All bands have the same length. Numbers are taken as they
   * are: scale them to reflectance first where the formula needs it. A pixel that is NaN in a band it needs is NaN in the
   * result; so is one that divides by zero or overflows. Writes into `output` when it is given (Float32Array otherwise).
   * Throws SG_SATELLITE_BAND when a band is missing or of another length.
   */
  evaluate<O extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> = Float32Array<ArrayBuffer>>(
    bands: Readonly<Record<string, RasterValues>>,
    output?: O,
  ): O;
  /**
   * The same for a rectangle of each band, row by row, without a copy of it. Rows have 4096 pixels at most. Throws
   * SG_SATELLITE_BAND when a band is missing.
   */
  evaluateWindow(
    bands: Readonly<Record<string, BandWindow>>,
    size: { readonly width: number; readonly height: number },
    output: Float32Array<ArrayBuffer>,
  ): void;
}

/** Where a rectangle of pixels of a band lies, and what makes the quantity of its numbers: number · scale + offset. */
export interface BandWindow {
  readonly values: RasterValues;
  /** Its first pixel, and the pixels from one row to the next. */
  readonly start: number;
  readonly rowPixels: number;
  readonly scale: number;
  readonly offset: number;
  /** Number that says that nothing was observed. */
  readonly nodata: number | undefined;
}

type Run = (pixels: number) => void;

/**
 * Compiles a band expression ("(nir - red) / (nir + red)") to machine code by way of WebAssembly: nothing of the text is
 * ever run as a script. Throws SG_SATELLITE_EXPRESSION.
 * @example
 * const ndvi = compileExpression("(nir - red) / (nir + red)");
 * const values = ndvi.evaluate({ nir, red });
 */
export function compileExpression(text: string): CompiledExpression {
  const tree = parseExpression(text);
  const bands = [...new Set(bandsOf(tree))];
  if (bands.length > MAX_BANDS) {
    throw fail("SG_SATELLITE_EXPRESSION", `The expression reads ${bands.length} bands; the limit is ${MAX_BANDS}`);
  }
  const slots = bands.length + 1;
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((slots * SLOT_BYTES + bands.length * PARAMETERS * 8) / PAGE_BYTES),
  });
  const programs = new Map<string, Run>();
  const parameters = new Float64Array(memory.buffer, slots * SLOT_BYTES, bands.length * PARAMETERS);

  function programFor(kinds: readonly ArrayKind[], isDouble: boolean): Run {
    const key = `${kinds.map(({ name }) => name).join()},${isDouble}`;
    const run = programs.get(key) ?? instantiate(tree, bands, { kinds, isDouble, memory });
    programs.set(key, run);
    return run;
  }

  return {
    bands,
    evaluate<O extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
      given: Readonly<Record<string, RasterValues>>,
      output?: O,
    ): O {
      const sources = bands.map((name) => bandOf(given, name));
      const pixels = sources[0]?.length ?? output?.length ?? 0;
      const result = output ?? (new Float32Array(pixels) as O); // O is Float32Array when nothing else is given
      checkLengths(bands, sources, result.length);
      const kinds = sources.map((source) => source.constructor as ArrayKind);
      const run = programFor(kinds, result instanceof Float64Array);
      for (let band = 0; band < bands.length; band++) parameters.set([1, 0, Number.NaN], band * PARAMETERS);
      runBlocks(run, { sources, kinds, result, memory });
      return result;
    },
    evaluateWindow(given, { width, height }, output) {
      const windows = bands.map((name) => bandOf(given, name));
      const kinds = windows.map(({ values }) => values.constructor as ArrayKind);
      const run = programFor(kinds, false);
      for (const [band, { scale, offset, nodata = Number.NaN }] of windows.entries())
        parameters.set([scale, offset, nodata], band * PARAMETERS);
      const slots = kinds.map((Kind, slot) => new Kind(memory.buffer, slot * SLOT_BYTES, BLOCK_PIXELS));
      const out = new Float32Array(memory.buffer, bands.length * SLOT_BYTES, BLOCK_PIXELS);
      const rowsAtOnce = Math.max(1, Math.floor(BLOCK_PIXELS / width));
      for (let top = 0; top < height; top += rowsAtOnce) {
        const rows = Math.min(rowsAtOnce, height - top);
        for (const [band, { values, start, rowPixels }] of windows.entries())
          for (let row = 0; row < rows; row++) {
            const from = start + (top + row) * rowPixels;
            slots[band]?.set(values.subarray(from, from + width), row * width);
          }
        run(rows * width);
        output.set(out.subarray(0, rows * width), top * width);
      }
    },
  };
}

/** Typed arrays that bands come in. */
interface ArrayKind {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): RasterValues;
}

interface Blocks {
  readonly sources: readonly RasterValues[];
  readonly kinds: readonly ArrayKind[];
  readonly result: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
  readonly memory: WebAssembly.Memory;
}

function runBlocks(run: Run, { sources, kinds, result, memory }: Blocks): void {
  const slots = kinds.map((Kind, slot) => new Kind(memory.buffer, slot * SLOT_BYTES, BLOCK_PIXELS));
  const Result = result.constructor as ArrayKind; // Float32Array or Float64Array
  const out = new Result(memory.buffer, sources.length * SLOT_BYTES, BLOCK_PIXELS);
  for (let start = 0; start < result.length; start += BLOCK_PIXELS) {
    const end = Math.min(start + BLOCK_PIXELS, result.length);
    for (let band = 0; band < sources.length; band++) {
      const source = sources[band];
      if (source !== undefined) slots[band]?.set(source.subarray(start, end));
    }
    run(end - start);
    result.set(end - start === BLOCK_PIXELS ? out : out.subarray(0, end - start), start);
  }
}

function instantiate(
  tree: ExpressionNode,
  bands: readonly string[],
  { kinds, isDouble, memory }: { kinds: readonly ArrayKind[]; isDouble: boolean; memory: WebAssembly.Memory },
): Run {
  // Locals: 0 number of pixels, 1 pixel, 2 bits; then the f64 ones: the bands, the result, the parameters, and what the
  // expression takes.
  const firstDouble = 3;
  const firstParameter = firstDouble + bands.length + 1;
  let doubles = bands.length * (1 + PARAMETERS) + 1;
  const bandLocal = (name: string): number => firstDouble + bands.indexOf(name);
  const value = emitExpression(tree, {
    bandLocal,
    freshLocal: () => firstDouble + doubles++,
    bits: 2,
    known: new Map(),
  });
  const outLocal = unsigned(firstDouble + bands.length);
  const address = (bytes: number): readonly number[] =>
    code(op.localGet, 1, op.i32Const, signed(BigInt(bytes)), op.i32Multiply);
  const parameterBytes = (bands.length + 1) * SLOT_BYTES;
  const loadParameters = Array.from({ length: bands.length * PARAMETERS }, (_, index) =>
    code(
      [op.i32Const, 0, op.f64Load, 3],
      unsigned(parameterBytes + index * 8),
      op.localSet,
      unsigned(firstParameter + index),
    ),
  );
  const loads = kinds.map((kind, band) => {
    const local = unsigned(firstDouble + band);
    const get = (parameter: number): readonly number[] =>
      code(op.localGet, unsigned(firstParameter + band * PARAMETERS + parameter));
    return code(
      code(address(kind.BYTES_PER_ELEMENT), loadOf(kind.name, band * SLOT_BYTES), op.localTee, local),
      code(get(0), op.f64Multiply, get(1), op.f64Add),
      code(constant(Number.NaN), op.localGet, local, get(2), op.f64NotEqual, op.select, op.localSet, local),
    );
  });
  // Infinity minus itself is NaN: no overflow leaves as a number, not in the 32 bits it is stored in either.
  const narrowed = isDouble ? [] : [op.f32FromF64, op.f64FromF32];
  const finite = code(
    narrowed,
    op.localTee,
    outLocal,
    op.localGet,
    outLocal,
    op.localGet,
    outLocal,
    op.f64Subtract,
    op.f64Add,
  );
  const store = isDouble ? [op.f64Store, 3] : [op.f32FromF64, op.f32Store, 2];
  const next = code(op.localGet, 1, op.i32Const, 1, op.i32Add, op.localTee, 1);
  const body = code(
    loadParameters.flat(),
    [op.loop, 0x40],
    loads.flat(),
    address(isDouble ? 8 : 4),
    code(value, finite, store, unsigned(bands.length * SLOT_BYTES)),
    code(next, op.localGet, 0, op.i32LessUnsigned, op.branchIf, 0),
    op.end,
  );
  const module = new WebAssembly.Module(wasmModule(body, doubles));
  // Math.pow knows no more than numbers: there is nothing else an expression can reach.
  const instance = new WebAssembly.Instance(module, { e: { m: memory, p: Math.pow } });
  return instance.exports["run"] as Run; // the one function the module exports
}

function loadOf(kind: string, byteOffset: number): readonly number[] {
  const at = unsigned(byteOffset);
  switch (kind) {
    case "Uint8Array":
      return [op.i32Load8Unsigned, 0, ...at, op.f64FromI32Unsigned];
    case "Int8Array":
      return [op.i32Load8Signed, 0, ...at, op.f64FromI32Signed];
    case "Uint16Array":
      return [op.i32Load16Unsigned, 1, ...at, op.f64FromI32Unsigned];
    case "Int16Array":
      return [op.i32Load16Signed, 1, ...at, op.f64FromI32Signed];
    case "Uint32Array":
      return [op.i32Load, 2, ...at, op.f64FromI32Unsigned];
    case "Int32Array":
      return [op.i32Load, 2, ...at, op.f64FromI32Signed];
    case "Float64Array":
      return [op.f64Load, 3, ...at];
    default:
      return [op.f32Load, 2, ...at, op.f64FromF32];
  }
}

function bandsOf(node: ExpressionNode): readonly string[] {
  switch (node.kind) {
    case "number":
      return [];
    case "band":
      return [node.name];
    case "negate":
      return bandsOf(node.operand);
    case "binary":
      return [...bandsOf(node.left), ...bandsOf(node.right)];
    case "call":
      return node.operands.flatMap(bandsOf);
    case "choice":
      return [node.condition, node.whenTrue, node.otherwise].flatMap(bandsOf);
  }
}

function bandOf<Band>(given: Readonly<Record<string, Band>>, name: string): Band {
  const band = Object.hasOwn(given, name) ? given[name] : undefined;
  if (band !== undefined) return band;
  const known = Object.keys(given);
  throw fail(
    "SG_SATELLITE_BAND",
    `The expression needs band "${name}"${didYouMean(name, known)}; there are: ${known.join(", ") || "none"}`,
  );
}

function checkLengths(bands: readonly string[], sources: readonly RasterValues[], pixels: number): void {
  const odd = sources.findIndex((source) => source.length !== pixels);
  if (odd === -1) return;
  throw fail(
    "SG_SATELLITE_BAND",
    `Band "${bands[odd] ?? ""}" has ${sources[odd]?.length ?? 0} pixels; ${pixels} are to be computed`,
    { hint: "Bring all bands onto one grid first." },
  );
}
