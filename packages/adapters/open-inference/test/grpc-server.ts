import {
  type handleUnaryCall,
  loadPackageDefinition,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import { openInferenceSchema } from "../src/grpc/schema.ts";
import { type ServedModel, servedModels } from "./served-models.ts";

export interface GrpcServerOptions {
  /** Answers ModelInfer in place of the server; undefined: the server answers; a promise that never ends: it hangs. */
  readonly intercept?: ((request: InferRequest) => object | undefined) | undefined;
  /** Told about calls that the client has cancelled. */
  readonly onCancelled?: (() => void) | undefined;
}

export interface InferRequest {
  readonly modelName: string;
  readonly inputs: readonly { readonly name: string; readonly datatype: string; readonly shape: readonly string[] }[];
  readonly rawInputContents: readonly Uint8Array[];
}

export interface GrpcTestServer extends AsyncDisposable {
  readonly url: string;
  /** Metadata of each call. */
  readonly metadata: Readonly<Record<string, unknown>>[];
}

/** Starts a server of the protocol over gRPC on a free port of this machine. */
export async function startGrpcServer({ intercept, onCancelled }: GrpcServerOptions = {}): Promise<GrpcTestServer> {
  const metadata: GrpcTestServer["metadata"] = [];
  const modelOf = (name: string) => {
    const model = servedModels[name];
    if (model !== undefined) return model;
    throw Object.assign(new Error("unknown"), {
      code: status.NOT_FOUND,
      details: `Request for unknown model: '${name}'`,
    });
  };
  const handlers = {
    ServerReady: () => ({ ready: true }),
    ModelMetadata: ({ name }: { name: string }): object => modelOf(name),
    ModelConfig: ({ name }: { name: string }) => ({ config: { maxBatchSize: modelOf(name).maxBatchSize } }),
    ModelInfer: (request: InferRequest) => intercept?.(request) ?? infer(request, modelOf(request.modelName)),
  };
  const definition = fromJSON(openInferenceSchema as never, { longs: String, defaults: true });
  const { inference } = loadPackageDefinition(definition) as never as {
    inference: { GRPCInferenceService: { service: never } };
  };
  const server = new Server();
  server.addService(
    inference.GRPCInferenceService.service,
    Object.fromEntries<handleUnaryCall<unknown, object>>(
      Object.entries(handlers).map(([name, handler]) => [
        name,
        (call: ServerUnaryCall<unknown, object>, done: sendUnaryData<object>): void => {
          metadata.push(call.metadata.getMap());
          call.on("cancelled", () => onCancelled?.());
          Promise.resolve()
            .then(() => handler(call.request as never))
            .then(
              (response) => ("code" in response ? done(response as ServiceError) : done(null, response)),
              (error: unknown) => done(error as ServiceError), // thrown above, with a code
            );
        },
      ]),
    ),
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    url: `grpc://127.0.0.1:${port}`,
    metadata,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

function infer({ inputs, rawInputContents }: InferRequest, model: ServedModel): object {
  const outputs = model.compute(
    inputs.map(({ name, datatype, shape }, index) => ({
      name,
      datatype,
      shape: shape.map(Number),
      raw: rawInputContents[index],
    })),
  );
  return {
    outputs: outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    rawOutputContents: outputs.map(({ raw }) => raw),
  };
}
