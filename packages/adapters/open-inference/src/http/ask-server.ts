import { cancellationOf, type Clock, type GatedFetch, isStargateError, throwIfCancelled } from "@stargate/kernel";
import { fail } from "../open-inference-errors.ts";
import { refusal } from "./refusal.ts";

/** A server, and what is needed to talk to it. */
export interface HttpServer {
  readonly name: string;
  /** Without "/v2" and without a slash at its end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly fetch: GatedFetch;
  readonly clock: Clock;
}

export interface HttpRequest {
  /** "/v2/models/clip" */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Absent: a GET. */
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  readonly signal: AbortSignal;
}

/** A whole answer with a status of success. */
export interface HttpAnswer {
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Asks a server and reads its whole answer; throws as `ServerClient` says, and SG_FETCH_DENIED. */
export async function askServer(server: HttpServer, { path, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
  const { name, clock, timeoutMs } = server;
  const what = `The request to "${name}"`;
  throwIfCancelled(signal, what);
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  let late = false;
  const cancelTimer = clock.timer(timeoutMs, () => {
    late = true;
    abort.abort();
  });
  try {
    const response = await server.fetch(`${server.url}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...server.headers, ...headers },
      signal: abort.signal,
      ...(body !== undefined && { body }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A host's fetch must notice by itself that a body was cut; what it did not notice is caught here.
    const announced = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
    if (announced !== null && Number(announced) !== bytes.length)
      throw fail("SG_COMPUTE_HOST_LOST", `Server "${name}" announced ${announced} bytes and sent ${bytes.length}`);
    if (!response.ok) throw refusal(name, response, bytes, clock.epochMs());
    return { headers: response.headers, bytes };
  } catch (error) {
    if (signal.aborted) throw cancellationOf(signal, what);
    if (late)
      throw fail("SG_COMPUTE_HOST_LOST", `Server "${name}" was not done after ${timeoutMs} ms`, { cause: error });
    if (isStargateError(error) && error.code !== "SG_FETCH_FAILED" && error.code !== "SG_RUN_DEADLINE") throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw fail("SG_COMPUTE_HOST_LOST", `Server "${name}" was lost: ${why}`, { cause: error });
  } finally {
    cancelTimer();
    signal.removeEventListener("abort", onAbort);
  }
}
