import { createPayload, type Graph } from "@stargate/kernel";
import type { Features } from "../../composition-root.ts";
import { failWatch } from "../../errors/watch-errors.ts";
import { noAlerts } from "../../watches/watch-files.ts";
import type { Exchange } from "../exchange.ts";
import { watchOf } from "./watches.ts";

/** Days before the first sign of a change whose clearest scene is the picture from before. */
const DAYS_BEFORE = 20;
const MS_PER_DAY = 86_400_000;

/** `GET /v1/watches/{name}/alerts/{id}/chip.png`: the place of an alert before and after, with its outline. */
export async function showAlertChip(exchange: Exchange): Promise<Response> {
  const { gateway, tenant, signal } = exchange;
  const watch = watchOf(exchange);
  const id = exchange.context.req.param("id") ?? "";
  const known = JSON.parse((await watch.files.alerts()) ?? noAlerts) as Features; // our own file
  const alert = known.features.find((one) => one.id === id);
  if (alert === undefined) throw failWatch("SG_WATCH_ALERT_UNKNOWN", `There is no alert "${id}"`);
  const scenes = await watch.scenes();
  const { gate } = gateway;
  const { value } = await gate.run(
    {
      scenes: iterate(scenes),
      alerts: createPayload(gate.registry.modality("features"), known),
    },
    { pipeline: chipPipeline(id, alert.properties ?? {}) },
    { signal, tenant, scratch: exchange.scratch },
  );
  const { png } = value as { readonly png: Blob }; // the pipeline's output is a map-image
  return exchange.respond(200, png, "image/png", { "cache-control": "private, max-age=300" });
}

function chipPipeline(id: string, properties: Readonly<Record<string, unknown>>): Graph {
  const firstSeen = String(properties["firstSeen"]);
  const before = new Date(Date.parse(firstSeen) - DAYS_BEFORE * MS_PER_DAY).toISOString().slice(0, 10);
  const after = String(properties["confirmed"] ?? properties["lastBatch"]);
  return {
    stargate: 1,
    name: "chip",
    inputs: { scenes: "many(raster)", alerts: "features" },
    steps: [
      {
        kind: "transform",
        id: "chip",
        use: "satellite.quick-look",
        from: { scenes: "scenes", alerts: "alerts" },
        with: { title: `${String(properties["task"])}, ${firstSeen}`, around: id, before, after, panelPixels: 320 },
      },
    ],
    output: "chip",
  };
}

async function* iterate<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
