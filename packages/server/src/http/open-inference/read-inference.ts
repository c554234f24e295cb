import { fail as failKernel, formatProblems, schemaProblems, type TensorMap } from "@stargate/kernel";
import { decodeMessage, headerLengthHeader } from "@stargate/kernel/open-inference";
import { z } from "zod";
import { fail } from "../../errors/server-errors.ts";
import type { Exchange } from "../exchange.ts";
import { readTensorBody } from "./read-tensor-body.ts";

/** Parameters that change what a request means and are not understood here; to ignore them would be to answer wrongly. */
const unsupported = ["sequence_id", "sequence_start", "sequence_end"];

const parametersSchema = z.looseObject({ binary_data_output: z.boolean().optional() });
const outputSchema = z.looseObject({
  name: z.string(),
  parameters: z
    .looseObject({
      binary_data: z.boolean().optional(),
      classification: z.never("classification is not done here").optional(),
      shared_memory_region: z.never("shared memory is not written here").optional(),
    })
    .optional(),
});
const headSchema = z.looseObject({
  id: z.string().optional(),
  parameters: parametersSchema.optional(),
  outputs: z.array(outputSchema).optional(),
});

/** An output as it is to be sent. */
export interface WantedOutput {
  readonly name: string;
  readonly binary: boolean;
}

export interface InferenceRequest {
  readonly id: string | undefined;
  readonly inputs: TensorMap;
  /** Undefined: all. */
  readonly outputs: readonly WantedOutput[] | undefined;
  /** How outputs are sent that were not named. */
  readonly binaryOutputs: boolean;
}

/**
 * Reads the body of an inference request: JSON, or JSON followed by binary tensor data. Throws SG_COMPUTE_MESSAGE,
 * SG_COMPUTE_INPUT, SG_HTTP_BODY, SG_HTTP_BODY_TOO_LARGE.
 */
export async function readInference(exchange: Exchange): Promise<InferenceRequest> {
  const headerBytes = headerLength(exchange);
  const { head, tensors } = decodeMessage(await readTensorBody(exchange, headerBytes), headerBytes, "inputs");
  const parsed = headSchema.safeParse(head);
  if (!parsed.success)
    throw failKernel("SG_COMPUTE_MESSAGE", formatProblems(schemaProblems(parsed.error, headSchema, head)));
  const { id, parameters = {}, outputs } = parsed.data;
  const refused = unsupported.find((name) => Boolean(parameters[name]));
  if (refused !== undefined)
    throw failKernel("SG_COMPUTE_MESSAGE", `Models here keep no state between requests: ${refused} is not taken`);
  const binaryOutputs = parameters.binary_data_output ?? false;
  return {
    id,
    inputs: Object.fromEntries(tensors),
    outputs: outputs?.map((output) => ({
      name: output.name,
      binary: output.parameters?.binary_data ?? binaryOutputs,
    })),
    binaryOutputs,
  };
}

function headerLength({ incoming }: Exchange): number | undefined {
  const header = incoming.headers[headerLengthHeader];
  if (header === undefined) return undefined;
  if (typeof header === "string" && /^\d{1,10}$/.test(header)) return Number(header);
  throw fail("SG_HTTP_MALFORMED", `Inference-Header-Content-Length is "${String(header)}", not a number of bytes`);
}
