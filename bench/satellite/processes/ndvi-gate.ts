// NDVI of a scene, as the gateway makes it: worker threads, scratch on disk. Argument: an NdviOrder as JSON.
import { createWriteStream, openAsBlob } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { NodeHost, NodeHostOptions } from "@stargate/server";
import satellite, { raster, type Raster, type RasterBand } from "@stargate/adapter-satellite";
import { createPayload, openGate } from "@stargate/kernel";

// The host alone: the rest of the server (HTTP, OpenAPI, telemetry) has no part in this, and takes 40 MB.
const isSource = process.execArgv.includes("--conditions=@stargate/source");
const hostModule = isSource ? "src/host/node-host.ts" : "dist/host/node-host.js";
const { createNodeHost } = (await import(new URL(`../../../packages/server/${hostModule}`, import.meta.url).href)) as {
  readonly createNodeHost: (options?: NodeHostOptions) => Promise<NodeHost>;
}; // what that module exports

/** Paths of files. */
export interface NdviOrder {
  readonly nir: string;
  readonly red: string;
  /** Classes of clouds; without them there is no mask. */
  readonly scl?: string;
  /** Where the result is copied to. */
  readonly result?: string;
}

const { nir, red, scl, result } = JSON.parse(process.argv[2] ?? "") as NdviOrder; // the bench wrote it
const band = async (name: string, path: string): Promise<RasterBand> => ({
  name,
  holds: name === "scl" ? "classes" : "reflectance",
  sample: 0,
  source: { kind: "file", blob: await openAsBlob(path) },
});
const scene: Raster = {
  id: "S2A_33TVM_20210610_0_L2A",
  product: "sentinel-2-l2a",
  bands: [await band("nir", nir), await band("red", red), ...(scl === undefined ? [] : [await band("scl", scl)])],
};
const graph = {
  stargate: 1,
  name: "ndvi",
  inputs: { scene: "raster" },
  steps: [
    {
      kind: "transform",
      id: "index",
      use: "satellite.index",
      from: "scene",
      with: { index: "ndvi", mask: scl === undefined ? "none" : "auto", radiometry: { scale: 0.0001, offset: 0 } },
    },
  ],
  output: "index",
} as const;

const startedMs = performance.now();
let runMs = 0;
const host = await createNodeHost();
const place = host.openScratch({ runId: "ndvi", tenant: "default", signal: new AbortController().signal });
{
  await using gate = await openGate({ adapters: [satellite()], host });
  const input = createPayload(raster, scene, { digestBlob: host.digestBlob });
  const { value } = await gate.run({ scene: input }, { pipeline: graph }, { scratch: place.scratch });
  const [made] = (value as Raster).bands; // what satellite.index gives
  if (made?.source.kind !== "file") throw new TypeError("The index is no file");
  runMs = performance.now() - startedMs;
  if (result !== undefined) await pipeline(Readable.from(made.source.blob.stream()), createWriteStream(result));
}
process.stdout.write(`${JSON.stringify({ runMs })}\n`);
await place.close();
await host.close();
