import type { ModelSignature, TensorMap } from "@stargate/kernel";
import { fail } from "../open-inference-errors.ts";

/** Throws SG_OPEN_INFERENCE_ANSWER for outputs that are not those of the signature: a half answer is none. */
export function checkOutputs(server: string, signature: ModelSignature, outputs: TensorMap): TensorMap {
  const wrong = (what: string) => fail("SG_OPEN_INFERENCE_ANSWER", `Server "${server}" ${what}`);
  return Object.fromEntries(
    signature.outputs.map(({ name, dtype, shape }) => {
      const tensor = outputs[name];
      if (tensor === undefined) throw wrong(`gave no output "${name}"`);
      if (tensor.dtype !== dtype) throw wrong(`gave output "${name}" as ${tensor.dtype}, not ${dtype}`);
      const fits =
        tensor.shape.length === shape.length &&
        shape.every((size, axis) => typeof size === "string" || size < 0 || size === tensor.shape[axis]);
      if (!fits) throw wrong(`gave output "${name}" in shape [${tensor.shape.join(", ")}], not [${shape.join(", ")}]`);
      return [name, tensor];
    }),
  );
}
