import { createPayload, didYouMean } from "@stargate/kernel";
import { loadSatellite, type Features } from "../../composition-root.ts";
import { z } from "zod";
import { failWatch } from "../../errors/watch-errors.ts";
import type { RunningWatch } from "../../watches/running-watches.ts";
import { noAlerts } from "../../watches/watch-files.ts";
import { readJsonBody } from "../body/read-json.ts";
import type { Exchange } from "../exchange.ts";

/** `GET /v1/watches`: how the tenant's watches are. */
export function listWatches(exchange: Exchange): Response {
  const { gateway, tenant } = exchange;
  const own = [...gateway.watches.watches.values()].filter(({ definition }) => definition.tenant === tenant);
  return exchange.json({ watches: own.map((watch) => watch.status()) });
}

/** `GET /v1/watches/{name}`: its area, the scenes that were observed, those that could not be. */
export async function showWatch(exchange: Exchange): Promise<Response> {
  const watch = watchOf(exchange);
  const { boundsOfGrid } = await loadSatellite();
  const scenes = await watch.scenes();
  const grid = scenes[0]?.bands[0]?.grid;
  return exchange.json({
    ...watch.status(),
    area: watch.area,
    bounds: grid === undefined ? null : boundsOfGrid(grid),
    index: scenes[0]?.bands[0]?.name ?? null,
    scenes: scenes.map(({ id, acquiredAt }) => ({ id, acquiredAt })),
    problems: await watch.files.problems.list(),
  });
}

/** `GET /v1/watches/{name}/alerts`: GeoJSON, or CSV, KML, GeoParquet, as `Accept` says. */
export async function listAlerts(exchange: Exchange): Promise<Response> {
  const watch = watchOf(exchange);
  return encoded(exchange, "features", JSON.parse((await watch.files.alerts()) ?? noAlerts));
}

/** `GET /v1/watches/{name}/hectares`: new hectares by month and confidence, as CSV or JSON. */
export async function listHectares(exchange: Exchange): Promise<Response> {
  const watch = watchOf(exchange);
  const { alertsOf, monthlyHectares } = await loadSatellite();
  const alerts = alertsOf(JSON.parse((await watch.files.alerts()) ?? noAlerts) as Features); // our own file
  return encoded(exchange, "table", monthlyHectares(alerts));
}

const verdictSchema = z.strictObject({
  by: z.string().min(1).max(200),
  verdict: z.enum(["confirmed", "rejected", "unclear"]),
  note: z.string().max(10_000).optional(),
});

/** `PUT /v1/watches/{name}/alerts/{id}/verification`: what somebody found at the place; later rounds keep it. */
export async function verifyAlert(exchange: Exchange): Promise<Response> {
  const watch = watchOf(exchange);
  const data = await readJsonBody(exchange, verdictSchema);
  await change(exchange, watch, { ...data, at: new Date(exchange.gateway.host.clock.epochMs()).toISOString() });
  return exchange.json({ verified: data });
}

/** `DELETE` of the same: takes it back. */
export async function forgetVerification(exchange: Exchange): Promise<Response> {
  await change(exchange, watchOf(exchange), null);
  return exchange.json({ verified: null });
}

async function change(
  exchange: Exchange,
  { files }: RunningWatch,
  verification: Parameters<RunningWatch["files"]["verify"]>[1],
): Promise<void> {
  const id = exchange.context.req.param("id") ?? "";
  const { features } = JSON.parse((await files.alerts()) ?? noAlerts) as Features; // our own file
  const known = features.some(
    (alert) => alert.id === id || (alert.properties?.["mergedFrom"] as readonly string[] | undefined)?.includes(id),
  );
  if (!known)
    throw failWatch(
      "SG_WATCH_ALERT_UNKNOWN",
      `There is no alert "${id}"${didYouMean(
        id,
        features.map((alert) => String(alert.id)),
      )}`,
    );
  await files.verify(id, verification);
}

/** The watch a route names. Throws SG_WATCH_UNKNOWN. */
export function watchOf(exchange: Exchange, name = exchange.context.req.param("name") ?? ""): RunningWatch {
  const { gateway, tenant } = exchange;
  const own = new Map([...gateway.watches.watches].filter(([, { definition }]) => definition.tenant === tenant));
  const watch = own.get(name);
  if (watch !== undefined) return watch;
  throw failWatch("SG_WATCH_UNKNOWN", `Nothing called "${name}" is watched here${didYouMean(name, own.keys())}`);
}

async function encoded(exchange: Exchange, modality: string, value: unknown): Promise<Response> {
  const { gate } = exchange.gateway;
  const payload = createPayload(gate.registry.modality(modality), value);
  const { signal, incoming } = exchange;
  const { body, mediaType } = await gate.encode(payload, incoming.headers.accept, { signal });
  return exchange.respond(200, body, mediaType);
}
