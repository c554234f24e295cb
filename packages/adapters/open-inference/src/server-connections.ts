import { type Clock, didYouMean, type ProbeOptions } from "@stargate/kernel";
import { createGrpcClient } from "./grpc/grpc-client.ts";
import { createHttpClient } from "./http/http-client.ts";
import { type GrpcChannel, openChannel } from "./native/grpc.ts";
import { fail } from "./open-inference-errors.ts";
import { isGrpc, type OpenInferenceOptions, type ServerOptions } from "./open-inference-options.ts";
import type { ServerClient } from "./server-client.ts";

/** What a call of the backend lends: a network and secrets. */
export type Lent = Pick<ProbeOptions, "fetch" | "secret">;

/** The configured servers, and the way to each. */
export interface ServerConnections {
  readonly names: readonly string[];
  /**
   * Throws SG_COMPUTE_DEVICE for a name that is not configured, SG_COMPUTE_UNAVAILABLE when an HTTP server is to be asked
   * and no fetch was lent, SG_OPEN_INFERENCE_KEY when the secret of the server is not set. `maxMs` shortens the time a
   * request may take.
   */
  client(name: string, lent: Lent, maxMs?: number): ServerClient;
  /** Closes gRPC channels; what is still under way on them fails. */
  close(): Promise<void>;
}

/** Makes the connections of one backend. Nothing is connected before the first call. */
export function createServerConnections(servers: OpenInferenceOptions["servers"], clock: Clock): ServerConnections {
  const names = Object.keys(servers);
  const channels = new Map<string, Promise<GrpcChannel>>();

  function channel(name: string, { url }: ServerOptions): Promise<GrpcChannel> {
    let opened = channels.get(name);
    if (opened === undefined) channels.set(name, (opened = openChannel({ name, url })));
    return opened;
  }

  return {
    names,
    client(name, { fetch, secret }, maxMs = Infinity) {
      const server = Object.hasOwn(servers, name) ? servers[name] : undefined;
      if (server === undefined)
        throw fail("SG_COMPUTE_DEVICE", `There is no server "${name}"${didYouMean(name, names)}`, {
          hint: `Use one of ${names.join(", ") || "none: set `servers` in the options of the open-inference adapter"}.`,
        });
      const headers = { ...server.headers, ...authorization(name, server.apiKey, secret) };
      const timeoutMs = Math.min(server.timeoutMs, maxMs);
      if (isGrpc(server.url))
        return createGrpcClient({ name, headers, timeoutMs, channel: () => channel(name, server) });
      if (fetch === undefined)
        throw fail("SG_COMPUTE_UNAVAILABLE", `Server "${name}" cannot be reached: this host lends no network`, {
          hint: "Pass `fetch` to probe() and load().",
        });
      const { url, binary } = server;
      return createHttpClient({ name, url, timeoutMs, headers, fetch, clock }, binary);
    },
    async close() {
      const opened = await Promise.allSettled(channels.values());
      channels.clear();
      for (const result of opened) if (result.status === "fulfilled") result.value.close();
    },
  };
}

function authorization(name: string, secretName: string | undefined, secret: Lent["secret"]): Record<string, string> {
  if (secretName === undefined) return {};
  const key = secret?.(secretName);
  if (key === undefined)
    throw fail("SG_OPEN_INFERENCE_KEY", `The secret "${secretName}", API key of server "${name}", is not set`);
  return { authorization: `Bearer ${key}` };
}
