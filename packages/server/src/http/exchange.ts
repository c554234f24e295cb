import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { EncodedBody, Scratch } from "@stargate/kernel";
import type { Context } from "hono";
import type { Gateway } from "../gateway/gateway.ts";
import type { InFlight } from "../gateway/lifecycle.ts";
import type { ErrorShape } from "./problem.ts";

export type HttpEnv = { Bindings: HttpBindings };

/** A request id from a caller or proxy is kept when it is harmless in logs and headers. */
const requestIdPattern = /^[\w.:-]{1,128}$/;

/** Blobs above this are streamed to the client; node-server would read one whole before sending it. */
const streamedBlobBytes = 2 ** 18;

/** One request and its answer. A class, because one is made per request and the routes share its helpers. */
export class Exchange implements InFlight {
  readonly gateway: Gateway;
  readonly context: Context<HttpEnv>;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly id: string;
  /** Route pattern: "/v1/pipelines/:name". */
  readonly route: string;
  /** What errors look like to the clients of this route. */
  errorShape: ErrorShape = "problem";
  tenant = "";
  /** Set as soon as a run has made one. */
  receiptId: string | undefined;
  /** Why an answer that had begun did not come to its end. */
  failure: unknown;
  bodyBytes = 0;
  /** Sees every chunk of the body as it is read. */
  bodySeen: ((chunk: Uint8Array) => void) | undefined;
  /** Of a request with an `Idempotency-Key`: who sent which key, and what for, which takes reading all of the body. */
  idempotency: { readonly owner: string; fingerprint(): Promise<string> } | undefined;
  /** Run when the answer has been sent or the client has gone. */
  readonly cleanups: (() => Promise<void> | void)[] = [];
  #scratch: Scratch | undefined;
  #abort: AbortController | undefined;
  #aborted: unknown;

  constructor(gateway: Gateway, context: Context<HttpEnv>, route: string) {
    this.gateway = gateway;
    this.context = context;
    this.route = route;
    this.incoming = context.env.incoming as IncomingMessage; // the gateway serves HTTP/1.1 only
    this.outgoing = context.env.outgoing as ServerResponse;
    const given = this.incoming.headers["x-request-id"];
    this.id = typeof given === "string" && requestIdPattern.test(given) ? given : randomUUID();
  }

  /** Aborts when the client goes away before it has its answer, or when the gateway's grace period ends. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#aborted !== undefined) this.#abort.abort(this.#aborted);
    }
    return this.#abort.signal;
  }

  /** The request's temporary place, opened on first use and removed when the answer has been sent. */
  get scratch(): Scratch {
    if (this.#scratch === undefined) {
      const { host } = this.gateway;
      const runId = `request-${host.randomId()}`;
      const place = host.openScratch({ runId, tenant: this.tenant, signal: this.signal });
      this.cleanups.push(() => place.close());
      this.#scratch = place.scratch;
    }
    return this.#scratch;
  }

  abort(reason: unknown): void {
    this.#aborted ??= reason;
    this.#abort?.abort(reason);
  }

  /** Query value, or undefined when it is absent or empty. */
  query(name: string): string | undefined {
    const value = this.context.req.query(name);
    return value === "" ? undefined : value;
  }

  /** Answers. `headers` is a plain object and stays one: node-server writes it without copying. */
  respond(
    status: number,
    body: EncodedBody | null,
    contentType: string,
    headers: Readonly<Record<string, string>> = {},
  ): Response {
    const all: Record<string, string> = {
      "content-type": contentType,
      "x-request-id": this.id,
      "x-content-type-options": "nosniff",
      ...headers,
    };
    // Answers to POST are not cached by default (RFC 9110, 9.3.3); a list of pipelines must not be either.
    if (this.incoming.method !== "POST") all["cache-control"] ??= "no-store";
    // Keep-alive connections must not outlive a gateway that is about to go.
    if (this.gateway.lifecycle.state !== "ready") all["connection"] = "close";
    if (body instanceof Blob && body.size > streamedBlobBytes) {
      all["content-length"] = String(body.size);
      return new Response(body.stream(), { status, headers: all });
    }
    return new Response(body, { status, headers: all });
  }

  json(value: unknown, status = 200, headers?: Readonly<Record<string, string>>): Response {
    return this.respond(status, JSON.stringify(value), "application/json", headers);
  }
}
