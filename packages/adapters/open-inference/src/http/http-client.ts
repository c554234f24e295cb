import { isStargateError, type TensorMap } from "@stargate/kernel";
import { decodeMessage, encodeMessage, headerLengthHeader } from "@stargate/kernel/open-inference";
import { z } from "zod";
import { fail } from "../open-inference-errors.ts";
import type { ServerOptions } from "../open-inference-options.ts";
import type { ModelAddress, ServerClient } from "../server-client.ts";
import { askServer, type HttpAnswer, type HttpServer } from "./ask-server.ts";

const binaryExtension = "binary_tensor_data";

const serverSchema = z.looseObject({ extensions: z.array(z.string()).optional() });
const tensorSchema = z.looseObject({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.coerce.number<number>()),
});
const modelSchema = z.looseObject({
  inputs: z.array(tensorSchema).nullish(),
  outputs: z.array(tensorSchema).nullish(),
});
const configSchema = z.looseObject({ max_batch_size: z.int().nonnegative().optional() });

/** The protocol over HTTP, with the binary tensor data extension where the server has it. */
export function createHttpClient(server: HttpServer, binary: ServerOptions["binary"]): ServerClient {
  const get = (path: string, signal: AbortSignal) => askServer(server, { path, signal });
  let takesBinary: boolean | undefined = binary === "auto" ? undefined : binary === "always";

  async function detectBinary(signal: AbortSignal): Promise<boolean> {
    const { extensions = [] } = read(server, serverSchema, await get("/v2", signal));
    return extensions.includes(binaryExtension);
  }

  return {
    ready: async (signal) => void (await get("/v2/health/ready", signal)),
    async model(model, signal) {
      const { inputs, outputs } = read(server, modelSchema, await get(pathOf(model), signal));
      return { inputs: inputs ?? [], outputs: outputs ?? [] };
    },
    async maxBatchSize(model, signal) {
      try {
        return read(server, configSchema, await get(`${pathOf(model)}/config`, signal)).max_batch_size ?? 0;
      } catch (error) {
        // An extension of Triton; others answer with whatever they have for a path they do not know.
        if (isStargateError(error) && error.code.startsWith("SG_OPEN_INFERENCE")) return undefined;
        throw error;
      }
    },
    async infer(model, { inputs, outputs }, signal) {
      const asBytes = (takesBinary ??= await detectBinary(signal));
      // Raw bytes are asked for even of a server that does not say that it can: KServe does not, and can.
      const wanted = { parameters: { binary_data: binary !== "never" } };
      const { body, headerBytes } = encodeMessage(
        { outputs: outputs.map((name) => ({ name, ...wanted })) },
        "inputs",
        Object.entries(inputs).map(([name, tensor]) => ({ name, tensor, binary: asBytes })),
      );
      const headers: Record<string, string> =
        headerBytes === undefined
          ? { "content-type": "application/json" }
          : { "content-type": "application/octet-stream", [headerLengthHeader]: String(headerBytes) };
      return outputsOf(server, await askServer(server, { path: `${pathOf(model)}/infer`, headers, body, signal }));
    },
  };
}

function pathOf({ name, version }: ModelAddress): string {
  const path = `/v2/models/${encodeURIComponent(name)}`;
  return version === undefined ? path : `${path}/versions/${encodeURIComponent(version)}`;
}

function outputsOf({ name }: HttpServer, { headers, bytes }: HttpAnswer): TensorMap {
  const headerLength = headers.get(headerLengthHeader);
  try {
    const { tensors } = decodeMessage(bytes, headerLength === null ? undefined : Number(headerLength), "outputs");
    return Object.fromEntries(tensors);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw fail("SG_OPEN_INFERENCE_ANSWER", `Server "${name}" gave an answer that cannot be read: ${why}`, { cause });
  }
}

function read<Schema extends z.ZodType>(server: HttpServer, schema: Schema, { bytes }: HttpAnswer): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw fail("SG_OPEN_INFERENCE_ANSWER", `Server "${server.name}" does not answer as the protocol says`, { cause });
  }
}
