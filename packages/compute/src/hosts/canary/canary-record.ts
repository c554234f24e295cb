import type { TensorMap } from "@stargate/kernel";
import { z } from "zod";
import { isFloat, valueAt } from "./numbers-of.ts";

/** Of each output this many values are kept, evenly spread over all of it. */
const MAX_VALUES = 4096;
/** Floats may differ by this part of the output's largest value: engines promise no bits, and broken devices are far off. */
const TOLERANCE = 0.01;
const HALF_TOLERANCE = 0.05;

/** JSON has no word for values that are not finite. */
const valueSchema = z.union([z.number(), z.string()]);

/** What a model answered to derived inputs, as it is kept. */
export const canaryRecordSchema = z.object({
  /** Size given to dynamic dimensions of the inputs. */
  dynamicSize: z.number(),
  outputs: z.record(
    z.string(),
    z.object({ dtype: z.string(), shape: z.array(z.number()), values: z.array(valueSchema) }),
  ),
});

export type CanaryRecord = z.infer<typeof canaryRecordSchema>;

/** Writes outputs down. */
export function recordOutputs(outputs: TensorMap, dynamicSize: number): CanaryRecord {
  const entries = Object.entries(outputs).map(([name, tensor]) => {
    const stride = Math.max(1, Math.ceil(tensor.data.length / MAX_VALUES));
    const values: (number | string)[] = [];
    for (let index = 0; index < tensor.data.length; index += stride) {
      const value = valueAt(tensor, index);
      values.push(Number.isFinite(value) ? value : String(value));
    }
    return [name, { dtype: tensor.dtype, shape: [...tensor.shape], values }] satisfies [
      string,
      CanaryRecord["outputs"][string],
    ];
  });
  return { dynamicSize, outputs: Object.fromEntries(entries) };
}

/** How an answer differs from the one on record, in words; undefined when it does not. */
export function differenceOf(got: CanaryRecord, known: CanaryRecord): string | undefined {
  for (const [name, want] of Object.entries(known.outputs)) {
    const output = got.outputs[name];
    if (output === undefined) return `output "${name}" is missing`;
    if (output.dtype !== want.dtype || String(output.shape) !== String(want.shape))
      return `output "${name}" is ${output.dtype} [${String(output.shape)}] instead of ${want.dtype} [${String(want.shape)}]`;
    const allowed = allowedDifference(want.dtype, want.values);
    const index = want.values.findIndex((value, at) => !agree(output.values[at], value, allowed));
    if (index >= 0) return `output "${name}" holds ${output.values[index]} where ${want.values[index]} is known`;
  }
  return undefined;
}

function allowedDifference(dtype: string, values: readonly (number | string)[]): number {
  if (!/float/.test(dtype)) return 0;
  const largest = values.reduce<number>(
    (most, value) => Math.max(most, typeof value === "number" ? Math.abs(value) : 0),
    0,
  );
  return largest * (dtype.endsWith("16") ? HALF_TOLERANCE : TOLERANCE);
}

function agree(got: number | string | undefined, want: number | string, allowed: number): boolean {
  if (typeof got !== "number" || typeof want !== "number") return got === want;
  return Math.abs(got - want) <= allowed;
}

/** How outputs differ from those that a model's author gave; only the outputs that were given count. */
export function differenceFrom(got: TensorMap, want: TensorMap, tolerance: number): string | undefined {
  for (const [name, known] of Object.entries(want)) {
    const output = got[name];
    if (output === undefined) return `output "${name}" is missing`;
    if (output.dtype !== known.dtype || String(output.shape) !== String(known.shape))
      return `output "${name}" is ${output.dtype} [${String(output.shape)}] instead of ${known.dtype} [${String(known.shape)}]`;
    const allowed = isFloat(known.dtype) ? tolerance : 0;
    for (let index = 0; index < known.data.length; index++) {
      const [value, wanted] = [valueAt(output, index), valueAt(known, index)];
      const isSame = Object.is(value, wanted) || agree(value, wanted, allowed);
      if (!isSame) return `output "${name}" holds ${value} at ${index} where ${wanted} is known`;
    }
  }
  return undefined;
}
