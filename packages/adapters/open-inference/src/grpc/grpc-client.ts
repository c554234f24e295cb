import { isStargateError, type Tensor, tensorFromBytes, tensorToBytes } from "@stargate/kernel";
import { datatypeOf, dtypeOf } from "@stargate/kernel/open-inference";
import { z } from "zod";
import type { GrpcChannel } from "../native/grpc.ts";
import { fail } from "../open-inference-errors.ts";
import type { InferRequest, ModelAddress, ServerClient } from "../server-client.ts";
import type { GrpcMethod } from "./schema.ts";
import { contentsSchema, tensorFromContents } from "./tensor-contents.ts";

const tensorFields = { name: z.string(), datatype: z.string(), shape: z.array(z.coerce.number<string>()) };
const tensorSchema = z.object(tensorFields);
const readySchema = z.object({ ready: z.boolean() });
const modelSchema = z.object({ inputs: z.array(tensorSchema), outputs: z.array(tensorSchema) });
const configSchema = z.object({ config: z.object({ maxBatchSize: z.number() }).nullable() });
const inferSchema = z.object({
  outputs: z.array(z.object({ ...tensorFields, contents: contentsSchema.nullable() })),
  rawOutputContents: z.array(z.instanceof(Uint8Array)),
});
type Output = z.infer<typeof inferSchema>["outputs"][number];

export interface GrpcClientOptions {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Opened on first use, and shared by all clients of a server. */
  readonly channel: () => Promise<GrpcChannel>;
}

/** The protocol over gRPC; tensors travel as raw bytes. */
export function createGrpcClient({ name, headers, timeoutMs, channel }: GrpcClientOptions): ServerClient {
  async function call<Schema extends z.ZodType>(
    method: GrpcMethod,
    schema: Schema,
    request: object,
    signal: AbortSignal,
  ): Promise<z.output<Schema>> {
    const opened = await channel();
    const answer = schema.safeParse(await opened.call(method, request, { headers, timeoutMs, signal }));
    if (!answer.success)
      throw fail("SG_OPEN_INFERENCE_ANSWER", `Server "${name}" does not answer ${method} as the protocol says`, {
        cause: answer.error,
      });
    return answer.data;
  }
  return {
    async ready(signal) {
      const { ready } = await call("ServerReady", readySchema, {}, signal);
      if (!ready) throw fail("SG_COMPUTE_HOST_LOST", `Server "${name}" says that it is not ready`);
    },
    model: (model, signal) => call("ModelMetadata", modelSchema, model, signal),
    async maxBatchSize(model, signal) {
      try {
        return (await call("ModelConfig", configSchema, model, signal)).config?.maxBatchSize ?? 0;
      } catch (error) {
        if (isStargateError(error) && error.code === "SG_OPEN_INFERENCE_REFUSED") return undefined; // only Triton has it
        throw error;
      }
    },
    async infer(model, request, signal) {
      const { outputs, rawOutputContents: raw } = await call(
        "ModelInfer",
        inferSchema,
        requestOf(model, request),
        signal,
      );
      if (raw.length > 0 && raw.length !== outputs.length)
        throw fail(
          "SG_OPEN_INFERENCE_ANSWER",
          `Server "${name}" gave ${outputs.length} outputs and data for ${raw.length}`,
        );
      return Object.fromEntries(outputs.map((output, index) => [output.name, readOutput(name, output, raw[index])]));
    },
  };
}

function requestOf({ name, version }: ModelAddress, { inputs, outputs }: InferRequest): object {
  return {
    modelName: name,
    modelVersion: version ?? "",
    inputs: Object.entries(inputs).map(([input, { dtype, shape }]) => ({
      name: input,
      datatype: datatypeOf(dtype),
      shape,
    })),
    outputs: outputs.map((output) => ({ name: output })),
    rawInputContents: Object.values(inputs).map(tensorToBytes),
  };
}

function readOutput(server: string, { name, datatype, shape, contents }: Output, raw: Uint8Array | undefined): Tensor {
  const dtype = dtypeOf(datatype);
  try {
    if (dtype === undefined) throw fail("SG_COMPUTE_MESSAGE", `the datatype "${datatype}" is unknown`);
    return raw === undefined ? tensorFromContents(dtype, shape, contents) : tensorFromBytes(dtype, shape, raw);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw fail("SG_OPEN_INFERENCE_ANSWER", `Server "${server}" gave an output "${name}" that cannot be read: ${why}`, {
      cause,
    });
  }
}
