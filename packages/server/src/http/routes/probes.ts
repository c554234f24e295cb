import type { Exchange } from "../exchange.ts";

/** `GET /healthz`: the process answers. */
export function health(exchange: Exchange): Response {
  return exchange.json({ status: "ok" });
}

/** `GET /readyz`: requests are welcome. 503 as soon as a shutdown has begun, before any request is refused. */
export function readiness(exchange: Exchange): Response {
  const { state } = exchange.gateway.lifecycle;
  return exchange.json({ status: state }, state === "ready" ? 200 : 503);
}

/** `GET /metrics`: Prometheus text format. */
export async function metrics(exchange: Exchange): Promise<Response> {
  const { registry } = exchange.gateway.metrics;
  return exchange.respond(200, await registry.metrics(), registry.contentType);
}
