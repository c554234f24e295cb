import { didYouMean, fail as failKernel, type JsonObject, type TensorMap } from "@stargate/kernel";
import { encodeMessage, headerLengthHeader, type OutgoingTensor } from "@stargate/kernel/open-inference";
import type { Exchange } from "../exchange.ts";
import type { InferenceRequest } from "./read-inference.ts";

/**
 * Answers an inference request with the outputs it asks for. Throws SG_COMPUTE_INPUT for one that the model does not
 * have, and SG_COMPUTE_MESSAGE for one that JSON cannot carry.
 */
export function writeInference(
  exchange: Exchange,
  { id, outputs: wanted, binaryOutputs }: InferenceRequest,
  { head, outputs, headers }: InferenceAnswer,
): Response {
  const names = Object.keys(outputs);
  const chosen = wanted ?? names.map((name) => ({ name, binary: binaryOutputs }));
  const tensors = chosen.map(({ name, binary }): OutgoingTensor => {
    const tensor = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    if (tensor !== undefined) return { name, tensor, binary };
    throw failKernel(
      "SG_COMPUTE_INPUT",
      `The model has no output "${name}"${didYouMean(name, names)}; it has ${names.join(", ")}`,
    );
  });
  const { body, headerBytes } = encodeMessage({ ...head, ...(id !== undefined && { id }) }, "outputs", tensors);
  if (headerBytes === undefined) return exchange.respond(200, body, "application/json", headers);
  return exchange.respond(200, body, "application/octet-stream", {
    ...headers,
    [headerLengthHeader]: String(headerBytes),
  });
}

export interface InferenceAnswer {
  /** Every field but the outputs: model name and version, parameters. */
  readonly head: JsonObject;
  readonly outputs: TensorMap;
  readonly headers: Readonly<Record<string, string>>;
}
