import type { Tensor, TensorData, TensorDtype } from "../../contract/compute-backend.ts";
import { fail } from "../../errors/catalog.ts";
import { type NumericDtype, tensorArrays } from "../tensor-arrays.ts";
import { tensorLength } from "../tensor-bytes.ts";
import { bfloat16, float16, fromShortFloat, toShortFloat } from "./short-floats.ts";

/** The flat form of a tensor's data, as JSON text. Throws SG_COMPUTE_MESSAGE for values that JSON does not have. */
export function dataToJson(name: string, { dtype, data }: Tensor): string {
  switch (dtype) {
    case "string":
      return JSON.stringify(data);
    case "int64":
    case "uint64":
      return `[${(data as BigInt64Array).join(",")}]`; // the contract's pairing of dtype and data
    case "bool":
      return JSON.stringify(Array.from(data as Uint8Array, Boolean));
    case "float16":
    case "bfloat16": {
      const format = dtype === "float16" ? float16 : bfloat16;
      return numbersToJson(
        name,
        Array.from(data as Uint16Array, (bits) => fromShortFloat(format, bits)),
      );
    }
    default:
      return numbersToJson(name, Array.from(data as Float64Array));
  }
}

function numbersToJson(name: string, numbers: readonly number[]): string {
  const index = numbers.findIndex((value) => !Number.isFinite(value));
  if (index >= 0)
    throw fail("SG_COMPUTE_MESSAGE", `"${name}"[${index}] is ${numbers[index]}, which JSON does not have`, {
      hint: "Send and ask for binary tensor data.",
    });
  // JSON.stringify is twice as fast, and takes -0 for 0.
  if (!numbers.some((value) => Object.is(value, -0))) return JSON.stringify(numbers);
  return `[${numbers.map((value) => (Object.is(value, -0) ? "-0" : value)).join(",")}]`;
}

/**
 * A tensor of JSON data, flat or nested. Throws SG_COMPUTE_INPUT for values that are none of the dtype, and for another
 * number of them than the shape has.
 */
export function tensorFromJson(name: string, dtype: TensorDtype, shape: readonly number[], data: unknown): Tensor {
  const length = tensorLength(shape);
  if (!Array.isArray(data)) throw fail("SG_COMPUTE_INPUT", `The data of "${name}" is not an array`);
  const flat: readonly unknown[] = data.some(Array.isArray) ? data.flat(Infinity) : data;
  if (flat.length !== length)
    throw fail("SG_COMPUTE_INPUT", `"${name}" has ${flat.length} values; shape [${shape.join(", ")}] needs ${length}`);
  return { dtype, shape, data: dtype === "string" ? strings(name, flat) : numbers(name, dtype, flat) };
}

function strings(name: string, values: readonly unknown[]): readonly string[] {
  const index = values.findIndex((value) => typeof value !== "string");
  if (index >= 0) throw wrongValue(name, "string", index, values[index]);
  return values as readonly string[];
}

function numbers(name: string, dtype: NumericDtype, values: readonly unknown[]): TensorData {
  const convert = converters[dtype];
  const data = new tensorArrays[dtype](values.length) as { [index: number]: number | bigint };
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const converted = convert(value);
    if (converted === undefined) throw wrongValue(name, dtype, index, value);
    data[index] = converted;
    // An array of integers wraps what does not fit; one of short floats holds bits, checked by their converter.
    if (dtype.includes("int") && data[index] !== converted) throw wrongValue(name, dtype, index, value);
  }
  return data as TensorData;
}

function wrongValue(name: string, dtype: TensorDtype, index: number, value: unknown): Error {
  const shown = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? "undefined");
  return fail("SG_COMPUTE_INPUT", `"${name}"[${index}] is ${shown.slice(0, 40)}, which is no ${dtype}`);
}

/** Gives what is stored for a JSON value, or undefined for one that is none of the dtype. */
type Converter = (value: unknown) => number | bigint | undefined;

const number: Converter = (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const large: Converter = (value) => {
  if (typeof value === "bigint") return value;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
};
const within =
  (round: (value: number) => number, store = (value: number) => value): Converter =>
  (value) => {
    const float = floating(value);
    return float !== undefined && Number.isFinite(round(float)) ? store(float) : undefined;
  };
/** A whole number beyond 2^53 is a bigint by now, and a float all the same. */
const floating = (value: unknown): number | undefined =>
  typeof value === "bigint" ? Number(value) : typeof value === "number" ? value : undefined;
const short = (format: typeof float16): Converter =>
  within(
    (value) => fromShortFloat(format, toShortFloat(format, value)),
    (value) => toShortFloat(format, value),
  );

const converters: Readonly<Record<NumericDtype, Converter>> = {
  float32: within(Math.fround),
  float64: within(Number),
  float16: short(float16),
  bfloat16: short(bfloat16),
  int8: number,
  int16: number,
  int32: number,
  int64: large,
  uint8: number,
  uint16: number,
  uint32: number,
  uint64: large,
  // Servers in Python write a bool as 0 or 1 now and then.
  bool: (value) => (value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : undefined),
};
