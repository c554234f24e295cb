import { lookup as resolveName, type LookupAddress, type LookupOptions } from "node:dns";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fail, type GatedFetch, isStargateError } from "@stargate/kernel";
import { createAddressGuard } from "./address-guard.ts";
import { createHostAllowList } from "./host-allow-list.ts";
import { CallLimit } from "./call-limit.ts";
import { outgoingRequest, type OutgoingRequest } from "./outgoing-request.ts";
import { responseOf } from "./response-of.ts";

export interface GatedFetchOptions {
  /** Hosts that may be asked: "api.example.org", "*.example.org", "api.example.org:8443" (":*" for any port). Default: none. */
  readonly allow?: readonly string[] | undefined;
  /** Private networks or addresses the allowed hosts may lie in: "10.1.0.0/16", "127.0.0.1". Default: none. */
  readonly allowNetworks?: readonly string[] | undefined;
  /** Largest accepted response, decoded. Default 64 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** From the call to the last byte of the response. Default 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly maxRedirects?: number | undefined;
  /** Name resolution; tests pass their own. */
  readonly resolve?: Resolve | undefined;
}

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The gate, with what its owner needs besides the call. */
export interface FetchGate {
  readonly fetch: GatedFetch;
  /** Throws SG_FETCH_DENIED when the operator has not allowed this URL; looks at scheme, host and port only. */
  assertAllowed(url: string | URL): void;
  close(): void;
}

const redirectStatus = new Set([301, 302, 303, 307, 308]);
const credentials = ["authorization", "cookie", "proxy-authorization"];

/**
 * The only way out to a network. Denies everything by default (SG_FETCH_DENIED). A URL is parsed once by the WHATWG
 * parser, its host must be on the allow-list, its name is resolved once, and exactly the addresses that were
 * judged are connected to, so neither a second answer of the DNS nor a redirect leads inside.
 * Responses larger than the cap fail with SG_INPUT_TOO_LARGE, slow ones with SG_RUN_DEADLINE.
 */
export function createFetchGate(options: GatedFetchOptions = {}): FetchGate {
  const hosts = createHostAllowList(options.allow ?? []);
  const guard = createAddressGuard(options.allowNetworks);
  const maxBytes = options.maxResponseBytes ?? 64 * 1024 ** 2;
  const timeoutMs = options.timeoutMs ?? 30_000;
  const maxRedirects = options.maxRedirects ?? 5;
  const resolve = options.resolve ?? resolveAll;

  function permit(address: string, host: string): void {
    if (guard.permits(address)) return;
    throw fail("SG_FETCH_DENIED", `Host ${host} leads to ${address}, which is not a public address`, {
      hint: "Name the network in allow.networks if the gateway may reach it.",
    });
  }

  // What sockets are made with: the resolver's answer is judged, and the socket connects to nothing else.
  function lookup(
    hostname: string,
    lookupOptions: LookupOptions,
    done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void {
    resolve(hostname)
      .then((addresses) => {
        for (const { address } of addresses) permit(address, hostname);
        const [first] = addresses;
        if (first === undefined) throw fail("SG_FETCH_DENIED", `Host ${hostname} has no address`);
        if (lookupOptions.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      })
      .catch((error: unknown) => done(error instanceof Error ? error : fail("SG_FETCH_DENIED", String(error)), ""));
  }

  const agents = {
    "http:": new HttpAgent({ keepAlive: true, lookup }),
    "https:": new HttpsAgent({ keepAlive: true, lookup }),
  };

  async function send(url: URL, request: OutgoingRequest, limit: CallLimit): Promise<IncomingMessage> {
    const literal = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
    if (isIP(literal) !== 0) permit(literal, url.host); // literals are never looked up
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    const { headers, body } = request;
    headers["accept-encoding"] ??= "gzip, deflate, br";
    const outgoing = start(url, {
      method: request.method,
      headers,
      agent: agents[url.protocol as "http:" | "https:"],
    }); // the allow-list lets only these pass
    limit.watch(outgoing);
    const answered = new Promise<IncomingMessage>((accept, reject) =>
      outgoing.once("response", accept).on("error", reject),
    );
    if (body === null) outgoing.end();
    else if (body instanceof ReadableStream)
      await Promise.race([pipeline(Readable.fromWeb(body as never), outgoing), answered]); // two declarations of one web stream; a server may answer early
    else outgoing.end(body);
    return answered;
  }

  const gatedFetch: GatedFetch = async (input, init = {}) => {
    let url = hosts.check(input);
    let current: RequestInit = init;
    const limit = new CallLimit(timeoutMs, init.signal ?? undefined);
    const failed = (error: unknown): Error => translate(error, url, limit, timeoutMs);
    try {
      for (let redirects = 0; ; redirects += 1) {
        const incoming = await send(url, outgoingRequest(url, current), limit);
        const location = incoming.headers.location;
        if (!redirectStatus.has(incoming.statusCode ?? 0) || location === undefined) {
          incoming.once("close", () => limit.release());
          return await responseOf(incoming, { maxBytes, host: url.host, failed });
        }
        incoming.resume();
        if (redirects >= maxRedirects)
          throw fail("SG_FETCH_DENIED", `Host ${url.host} redirects more than ${maxRedirects} times`);
        const target = hosts.check(location, url);
        if (url.protocol === "https:" && target.protocol === "http:")
          throw fail("SG_FETCH_DENIED", `Host ${url.host} redirects from https to http`);
        current = followed(current, incoming.statusCode ?? 0, target.origin !== url.origin);
        url = target;
      }
    } catch (error) {
      limit.release();
      throw failed(error);
    }
  };

  return {
    fetch: gatedFetch,
    assertAllowed: (url) => void hosts.check(url),
    close: () => (agents["http:"].destroy(), agents["https:"].destroy()),
  };
}

// Fetch standard, HTTP-redirect fetch: 303 (and 301/302 after POST) become GET; credentials stay with their origin.
function followed(init: RequestInit, status: number, crossOrigin: boolean): RequestInit {
  const headers = new Headers(init.headers);
  if (crossOrigin) for (const name of credentials) headers.delete(name);
  const method = (init.method ?? "GET").toUpperCase();
  if (status === 307 || status === 308 || method === "GET" || method === "HEAD") {
    if (init.body instanceof ReadableStream)
      throw fail("SG_FETCH_DENIED", "A redirect asks for the body again, and a streamed body cannot be sent twice");
    return { ...init, headers };
  }
  for (const name of ["content-type", "content-length", "content-encoding"]) headers.delete(name);
  return { ...init, method: "GET", body: null, headers };
}

function translate(error: unknown, url: URL, { callerSignal, timedOut }: CallLimit, timeoutMs: number): Error {
  if (isStargateError(error)) return error;
  if (callerSignal?.aborted === true)
    return isStargateError(callerSignal.reason)
      ? callerSignal.reason
      : fail("SG_RUN_CANCELLED", `The request to ${url.host} was cancelled`, { cause: error });
  if (timedOut)
    return fail("SG_RUN_DEADLINE", `Host ${url.host} did not answer within ${timeoutMs} ms`, { cause: error });
  return fail(
    "SG_FETCH_FAILED",
    `Host ${url.host} could not be reached: ${error instanceof Error ? error.message : String(error)}`,
    { cause: error },
  );
}

function resolveAll(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((accept, reject) =>
    resolveName(hostname, { all: true, verbatim: true }, (error, addresses) =>
      error === null ? accept(addresses) : reject(error),
    ),
  );
}
