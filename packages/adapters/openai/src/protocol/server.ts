import { type Clock, type GatedFetch, isStargateError, type Json } from "@stargate/kernel";
import { fail } from "../openai-errors.ts";
import { refusal } from "./refusal.ts";

/** A server, and what is needed to talk to it. */
export interface Server {
  readonly name: string;
  /** Without a slash at its end: "http://127.0.0.1:11434/v1". */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Longest silence. */
  readonly stallMs: number;
  readonly fetch: GatedFetch;
  readonly clock: Clock;
}

export interface ServerRequest {
  /** "/embeddings" */
  readonly path: string;
  /** JSON, or a form; absent: a GET. */
  readonly body?: Json | FormData | undefined;
  readonly signal: AbortSignal;
}

/** An answer with a status of success. */
export interface ServerAnswer {
  readonly mediaType: string;
  /** The body; throws SG_COMPUTE_HOST_LOST when it ends before the length that was announced. Can be read once. */
  chunks(): AsyncGenerator<Uint8Array>;
  /** The body as JSON. Throws SG_OPENAI_ANSWER when it is none. */
  json(): Promise<unknown>;
}

/**
 * Asks a server and reads its answer. Throws what the signal says when it aborts; SG_COMPUTE_HOST_LOST when the server
 * cannot be reached, breaks off or falls silent; SG_COMPUTE_OVERLOADED, SG_OPENAI_KEY, SG_OPENAI_REFUSED and
 * SG_OPENAI_ANSWER by what it answers; SG_FETCH_DENIED when the operator does not allow the address.
 */
export async function askServer<Result>(
  server: Server,
  request: ServerRequest,
  read: (answer: ServerAnswer) => Promise<Result>,
): Promise<Result> {
  throwIfCancelled(request.signal);
  const watch = watchSilence(server, request.signal);
  try {
    const init = { ...(await requestInit(server, request)), signal: watch.signal };
    const response = await fetchTwice(server, `${server.baseUrl}${request.path}`, init);
    watch.heard();
    const answer = answerOf(server, response, watch.heard);
    if (!response.ok) throw refusal(server.name, response, await textOf(answer), server.clock.epochMs());
    return await read(answer);
  } catch (error) {
    throw translate(server, error, request.signal, watch.stalled());
  } finally {
    watch.end();
  }
}

/** Throws the signal's own reason when that is one of ours (a deadline), else SG_RUN_CANCELLED. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal);
}

function cancelled({ reason }: AbortSignal): Error {
  return isStargateError(reason)
    ? reason
    : fail("SG_RUN_CANCELLED", "The model's run was cancelled", { cause: reason });
}

/**
 * Servers close idle connections when they like, llama.cpp as soon as others wait for its few threads, and a request
 * that was just being sent on one is lost. Running a model has no effects, so it is sent once more.
 */
async function fetchTwice(server: Server, url: string, init: RequestInit): Promise<Response> {
  try {
    return await server.fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted === true || !isStargateError(error) || error.code !== "SG_FETCH_FAILED") throw error;
    return server.fetch(url, init);
  }
}

async function requestInit({ apiKey }: Server, { body }: ServerRequest): Promise<RequestInit> {
  const headers: Record<string, string> = { accept: "application/json, text/event-stream" };
  if (apiKey !== undefined) headers["authorization"] = `Bearer ${apiKey}`;
  if (body === undefined) return { headers };
  if (!(body instanceof FormData))
    return { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
  // As bytes, so that it is sent with its length: not every server takes a chunked upload.
  const form = new Response(body);
  const contentType = form.headers.get("content-type") ?? "multipart/form-data";
  return { method: "POST", headers: { ...headers, "content-type": contentType }, body: await form.arrayBuffer() };
}

function answerOf({ name }: Server, response: Response, heard: () => void): ServerAnswer {
  const announced = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    let seenBytes = 0;
    for await (const chunk of response.body ?? []) {
      heard();
      seenBytes += chunk.byteLength;
      yield chunk;
    }
    if (announced !== null && Number(announced) !== seenBytes)
      throw fail("SG_COMPUTE_HOST_LOST", `Server "${name}" announced ${announced} bytes and sent ${seenBytes}`);
  };
  const answer: ServerAnswer = {
    mediaType: (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
    chunks,
    async json() {
      const text = await textOf(answer);
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw fail("SG_OPENAI_ANSWER", `Server "${name}" answers with something that is no JSON`, { cause });
      }
    },
  };
  return answer;
}

async function textOf(answer: ServerAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer.chunks()) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** A signal that aborts with the caller's, and when the server has been silent for too long. */
function watchSilence({ clock, stallMs }: Server, caller: AbortSignal) {
  const abort = new AbortController();
  const onAbort = (): void => abort.abort(caller.reason);
  caller.addEventListener("abort", onAbort, { once: true });
  let stalled = false;
  let heardAtMs = clock.nowMs();
  let cancel: () => void;
  // One timer that looks again, instead of one per chunk.
  const look = (): void => {
    const silentMs = clock.nowMs() - heardAtMs;
    if (silentMs < stallMs) return void (cancel = clock.timer(stallMs - silentMs, look));
    stalled = true;
    abort.abort();
  };
  cancel = clock.timer(stallMs, look);
  return {
    signal: abort.signal,
    heard: () => void (heardAtMs = clock.nowMs()),
    stalled: () => stalled,
    end() {
      cancel();
      caller.removeEventListener("abort", onAbort);
    },
  };
}

function translate({ name, stallMs }: Server, error: unknown, signal: AbortSignal, stalled: boolean): Error {
  if (signal.aborted) return cancelled(signal);
  if (stalled)
    return fail("SG_COMPUTE_HOST_LOST", `Server "${name}" has sent nothing for ${stallMs} ms`, { cause: error });
  if (isStargateError(error) && error.code !== "SG_FETCH_FAILED" && error.code !== "SG_RUN_DEADLINE") return error;
  const why = error instanceof Error ? error.message : String(error);
  return fail("SG_COMPUTE_HOST_LOST", `Server "${name}" was lost: ${why}`, { cause: error });
}
