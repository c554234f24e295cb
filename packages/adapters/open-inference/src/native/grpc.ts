import type { Client, ClientUnaryCall, Metadata, ServiceClientConstructor, ServiceError } from "@grpc/grpc-js";
import { cancellationOf, throwIfCancelled } from "@stargate/kernel";
import { grpcFailure } from "../grpc/grpc-failure.ts";
import { type GrpcMethod, openInferenceSchema } from "../grpc/schema.ts";

/** Same as what the gateway accepts over HTTP. */
const maxAnswerBytes = 64 * 1024 ** 2;

const channelOptions = {
  "grpc.max_receive_message_length": maxAnswerBytes,
  "grpc.max_send_message_length": -1,
  // grpc-js would wait up to two minutes before it looks for a server that was gone.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2000,
} as const;

export interface GrpcServer {
  readonly name: string;
  /** "grpc://host:port", or "grpcs://" for TLS. */
  readonly url: string;
}

export interface GrpcCallOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Connection to one server, opened by its first call. */
export interface GrpcChannel {
  /** Answers with the decoded response; 64-bit integers are decimal text. Throws as `ServerClient` says. */
  call(method: GrpcMethod, request: object, options: GrpcCallOptions): Promise<unknown>;
  close(): void;
}

type UnaryCall = (
  request: object,
  metadata: Metadata,
  options: { readonly deadline: number },
  done: (error: ServiceError | null, response: unknown) => void,
) => ClientUnaryCall;

/** Loads gRPC and opens a channel; nothing is connected yet. The only file that knows @grpc/grpc-js. */
export async function openChannel({ name, url }: GrpcServer): Promise<GrpcChannel> {
  const [grpc, loader] = await Promise.all([import("@grpc/grpc-js"), import("@grpc/proto-loader")]);
  // A descriptor by its own declaration too, but for being readonly.
  const descriptor = openInferenceSchema as unknown as Parameters<typeof loader.fromJSON>[0];
  const definition = loader.fromJSON(descriptor, { longs: String, defaults: true, arrays: true });
  const service = definition["inference.GRPCInferenceService"];
  const Service = grpc.makeGenericClientConstructor(service as never, "inference") as ServiceClientConstructor; // a service, by the schema
  const { host, protocol } = new URL(url);
  const credentials = protocol === "grpcs:" ? grpc.credentials.createSsl() : grpc.credentials.createInsecure();
  // The constructor gives it the methods of the schema.
  const client = new Service(host, credentials, channelOptions) as unknown as Client & Record<GrpcMethod, UnaryCall>;
  return {
    call(method, request, { headers, timeoutMs, signal }) {
      throwIfCancelled(signal, `The request to "${name}"`);
      const metadata = new grpc.Metadata();
      for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
      return new Promise((resolve, reject) => {
        const call = client[method](request, metadata, { deadline: Date.now() + timeoutMs }, (error, response) => {
          signal.removeEventListener("abort", onAbort);
          if (error === null) resolve(response);
          else
            reject(
              signal.aborted
                ? cancellationOf(signal, `The request to "${name}"`)
                : grpcFailure(name, error, timeoutMs, error),
            );
        });
        const onAbort = (): void => call.cancel();
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },
    close: () => client.close(),
  };
}
