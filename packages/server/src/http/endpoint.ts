import { fail as failKernel, isStargateError } from "@stargate/kernel";
import type { Context } from "hono";
import { localTenant } from "../auth/access.ts";
import { fail } from "../errors/server-errors.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { errorFields } from "../observe/error-fields.ts";
import { Exchange, type HttpEnv } from "./exchange.ts";
import { answerOnce } from "./idempotency/answer-once.ts";
import { idempotencyKey } from "./idempotency/idempotency-key.ts";
import { problemBody } from "./error-body.ts";
import { type ErrorShape, problemMediaType, toProblem } from "./problem.ts";
import { retryAfter } from "./retry-after.ts";

export interface EndpointOptions {
  /** Route pattern, for metrics and logs. */
  readonly route: string;
  /** Answers without a key: probes and the static documentation page. */
  readonly open?: boolean | undefined;
  /** Default "problem". */
  readonly errors?: ErrorShape | undefined;
}

export type EndpointHandler = (exchange: Exchange) => Response | Promise<Response>;

/**
 * Wraps a handler in everything a request needs: id, admission, errors, metrics, log, clean-up. One function instead
 * of a chain of middleware: Hono calls a route with a single handler directly, and what can wait is done
 * after the answer has left.
 */
export function endpoint(
  gateway: Gateway,
  options: EndpointOptions,
  handler: EndpointHandler,
): (context: Context<HttpEnv>) => Promise<Response> {
  return (context) => serve(gateway, options, handler, context);
}

async function serve(
  gateway: Gateway,
  options: EndpointOptions,
  handler: EndpointHandler,
  context: Context<HttpEnv>,
): Promise<Response> {
  const startedMs = performance.now();
  const exchange = new Exchange(gateway, context, options.route);
  exchange.errorShape = options.errors ?? "problem";
  let error: unknown;
  gateway.lifecycle.enter(exchange);
  exchange.outgoing.once("close", () => finish(exchange, performance.now() - startedMs, error ?? exchange.failure));
  try {
    if (options.open === true) exchange.tenant = localTenant;
    else admit(exchange);
    const key = exchange.incoming.method === "POST" ? idempotencyKey(exchange) : undefined;
    return await (key === undefined ? handler(exchange) : answerOnce(exchange, key, handler));
  } catch (thrown) {
    error = thrown;
    return problemResponse(exchange, thrown);
  }
}

function admit(exchange: Exchange): void {
  const { access, config, lifecycle } = exchange.gateway;
  exchange.tenant = access.admit(exchange.incoming.headers);
  if (lifecycle.inFlight > config.limits.maxConcurrentRequests) {
    throw fail(
      "SG_HTTP_BUSY",
      `The gateway works on ${config.limits.maxConcurrentRequests} requests already (limits.maxConcurrentRequests)`,
    );
  }
}

/** Answers with a problem, in the shape the route's clients read. */
export function problemResponse(
  exchange: Exchange,
  error: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const problem = toProblem(error, exchange.id);
  const extra: Record<string, string> = { ...headers };
  if (problem.status === 401) extra["www-authenticate"] = 'Bearer realm="stargate"';
  const seconds = retryAfter(problem);
  if (seconds !== undefined) extra["retry-after"] = seconds;
  const body = problemBody(exchange, problem);
  if (exchange.errorShape === "problem")
    return exchange.respond(problem.status, JSON.stringify(body), problemMediaType, extra);
  if (exchange.errorShape === "open-inference") extra["stargate-error"] = problem.code;
  return exchange.json(body, problem.status, extra);
}

function finish(exchange: Exchange, ms: number, error: unknown): void {
  const { gateway, incoming, outgoing } = exchange;
  const sent = outgoing.writableFinished;
  if (!sent)
    exchange.abort(failKernel("SG_RUN_CANCELLED", "The client closed the connection before it had its answer"));
  const status = sent ? outgoing.statusCode : 499;
  gateway.metrics.request({ route: exchange.route, method: incoming.method ?? "", status, seconds: ms / 1000 });
  if (exchange.bodyBytes > 0) gateway.metrics.body(exchange.bodyBytes);
  log(exchange, status, ms, error);
  if (exchange.cleanups.length > 0) void cleanUp(exchange);
  else gateway.lifecycle.leave(exchange);
}

async function cleanUp(exchange: Exchange): Promise<void> {
  try {
    for (const cleanup of exchange.cleanups) await cleanup();
  } catch (cause) {
    exchange.gateway.log.error({ requestId: exchange.id, error: errorFields(cause, true) }, "clean-up failed");
  } finally {
    exchange.gateway.lifecycle.leave(exchange);
  }
}

function log(exchange: Exchange, status: number, ms: number, error: unknown): void {
  const fields: Record<string, unknown> = {
    requestId: exchange.id,
    method: exchange.incoming.method,
    route: exchange.route,
    status,
    ms: Math.round(ms * 10) / 10,
  };
  if (exchange.tenant !== "") fields["tenant"] = exchange.tenant;
  if (exchange.receiptId !== undefined) fields["receipt"] = exchange.receiptId;
  if (exchange.bodyBytes > 0) fields["bodyBytes"] = exchange.bodyBytes;
  if (error === undefined) return exchange.gateway.log.info(fields, "request");
  if (isStargateError(error)) fields["code"] = error.code;
  // A public error is the caller's; only what they are not told is worth its frames here.
  if (isStargateError(error) && error.public) return exchange.gateway.log.info(fields, "request");
  exchange.gateway.log.error(
    { ...fields, error: errorFields(error, exchange.gateway.log.isLevelEnabled("debug")) },
    "request failed",
  );
}
