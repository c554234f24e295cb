import type { JsonObject, Tensor, TensorMap, TensorSpec } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../openai-errors.ts";

/** The input `parameters`: a JSON object with further fields of the request. */
export const parametersSpec: TensorSpec = { name: "parameters", dtype: "string", shape: [1] };

/** One string. */
export function stringTensor(value: string): Tensor {
  return { dtype: "string", shape: [1], data: [value] };
}

/** Strings of an input that the signature says is of them. */
export function stringsOf(inputs: TensorMap, name: string): readonly string[] {
  return inputs[name]?.data as readonly string[]; // checked against the signature before
}

/** Value of an input that holds JSON text. Throws SG_COMPUTE_INPUT. */
export function jsonOf<Schema extends z.ZodType>(
  model: string,
  inputs: TensorMap,
  name: string,
  schema: Schema,
): z.output<Schema> {
  const [text = ""] = stringsOf(inputs, name);
  const refuse = (why: string, cause?: unknown): Error =>
    fail("SG_COMPUTE_INPUT", `Input "${name}" of model "${model}" ${why}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse("is not JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refuse(`does not fit: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, " ")}`);
  return parsed.data;
}

/** A `parameters` object without the fields that are the adapter's own. Throws SG_COMPUTE_INPUT. */
export function parametersOf(model: string, inputs: TensorMap, reserved: readonly string[]): JsonObject {
  const parameters = jsonOf(model, inputs, "parameters", z.record(z.string(), z.json())) as JsonObject; // z.json() types undefined properties away; same values
  const taken = reserved.find((name) => Object.hasOwn(parameters, name));
  if (taken !== undefined)
    throw fail(
      "SG_COMPUTE_INPUT",
      `Input "parameters" of model "${model}" sets "${taken}", which the adapter sets itself`,
    );
  return parameters;
}
