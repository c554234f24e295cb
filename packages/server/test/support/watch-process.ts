import { openGate } from "@stargate/kernel";
import satellite from "@stargate/adapter-satellite";
import { createNodeHost } from "../../src/host/node-host.ts";
import { AreaWatch } from "../../src/watches/watch-area.ts";
import { openWatchFiles } from "../../src/watches/watch-files.ts";
import { purposeOf } from "../../src/watches/watch-record.ts";
import { watchSchema } from "../../src/watches/watches-schema.ts";
import { forestArea } from "../../../../test/support/forest-scenes.ts";

// The process the kill test kills: a real watch of a real catalogue. Arguments: folder, address of the catalogue.

const [folder = "", stac = ""] = process.argv.slice(2);
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
const { host: address, hostname } = new URL(stac);
const host = await createNodeHost({ fetch: { allow: [address], allowNetworks: [hostname] } });
const gate = await openGate({ adapters: [satellite()], host });
const definition = watchSchema.parse({
  area: "forest.geojson",
  stac,
  from: "2021-01-01",
  monitorFrom: "2023-01-01",
  folder,
  everySeconds: 0.02,
});
const area = { type: "FeatureCollection" as const, features: [forestArea] };
// Everything is loaded: the test says when to begin, so that its kills hit the work and not the loading.
await new Promise((resolve) => {
  process.once("message", resolve);
  process.send?.("loaded");
});
const files = await openWatchFiles(folder, purposeOf(definition, area));
const watch = new AreaWatch({
  gate,
  host,
  clock: host.clock,
  definition,
  area,
  files,
  signal: stop.signal,
  onEvent: (event) => process.send?.(event),
});
await watch.run();
await files[Symbol.asyncDispose]();
await gate.close();
await host.close();
process.disconnect?.();
