import { didYouMean } from "@stargate/kernel";
import { failConnector } from "../../errors/connector-errors.ts";
import { bodyChunks, checkContentLength } from "../body/body-chunks.ts";
import type { Exchange } from "../exchange.ts";
import type { RunningService, RunningServices } from "../../services/running-services.ts";

/** `GET /v1/services`: how the tenant's services are. */
export function listServices(exchange: Exchange): Response {
  return exchange.json({
    services: [...exchange.gateway.services.services.values()]
      .filter(({ tenant }) => tenant === exchange.tenant)
      .map(({ service, push }) => ({ ...service.status(), push: push === undefined ? null : push.status() })),
  });
}

/**
 * `POST /v1/services/{name}/items`: the body, of any type, becomes an item. 202 means that it is safe on disk.
 * `Idempotency-Key` makes repeated sending harmless, `Stargate-Name` (percent-encoded) names the item.
 */
export async function pushItem(exchange: Exchange): Promise<Response> {
  const push = pushTarget(exchange.gateway.services, exchange);
  const { maxBodyBytes } = exchange.gateway.config.limits;
  checkContentLength(exchange, maxBodyBytes, "maxBodyBytes");
  const { id } = await push.push({
    body: bodyChunks(exchange, maxBodyBytes, "maxBodyBytes"),
    name: decodeName(headerOf(exchange, "stargate-name")),
    mediaType: headerOf(exchange, "content-type"),
    idempotencyKey: headerOf(exchange, "idempotency-key"),
  });
  return exchange.json({ id }, 202);
}

function pushTarget({ services }: RunningServices, exchange: Exchange): NonNullable<RunningService["push"]> {
  const name = exchange.context.req.param("name") ?? "";
  const own = new Map([...services].filter(([, { tenant, push }]) => tenant === exchange.tenant && push !== undefined));
  const push = own.get(name)?.push;
  if (push !== undefined) return push;
  throw failConnector(
    "SG_SERVICE_UNKNOWN",
    `There is no service "${name}" that takes items${didYouMean(name, own.keys())}`,
  );
}

function headerOf(exchange: Exchange, name: string): string | undefined {
  const value = exchange.incoming.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function decodeName(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value; // not encoded after all
  }
}
