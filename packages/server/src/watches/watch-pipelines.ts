import type { Graph, JsonObject } from "@stargate/kernel";
import { watchTasks } from "./watch-tasks.ts";
import type { WatchDefinition } from "./watches-schema.ts";

/** The three runs a watch is made of; what happens between them survives a crash, because it lies in files. */
export interface WatchPipelines {
  /** The area to the scenes that the catalogue has of it; undefined where scenes come out of a folder. */
  readonly search: Graph | undefined;
  /** One scene and the area to what was observed of it, on pixels like those of the scenes before. */
  observe(pixels: WatchPixels | undefined): Graph;
  /** All that was observed, and the area, to alerts. */
  readonly detect: Graph;
}

/** Reference system and size of pixels. */
export interface WatchPixels {
  readonly crs: string;
  readonly pixelSize: number;
}

/** Options of satellite.observe: the task's, and over them the operator's. */
export function observeOptionsOf({ task, observe }: WatchDefinition): JsonObject {
  return { ...watchTasks[task].observe, ...observe };
}

/** @param chips address of pictures of alerts, where somebody serves them. */
export function watchPipelines(definition: WatchDefinition, chips?: string): WatchPipelines {
  const { stac, collections, from, task, monitorFrom, maxCloudShare } = definition;
  const { direction } = watchTasks[task];
  return {
    search:
      stac === undefined
        ? undefined
        : oneStep("search", {
            inputs: { area: "features" },
            use: "satellite.search",
            from: "area",
            with: { url: stac, collections, from, maxCloudShare },
          }),
    observe: (pixels) =>
      oneStep("observe", {
        inputs: { scene: "raster", area: "features" },
        use: "satellite.observe",
        from: { scene: "scene", area: "area" },
        with: { ...observeOptionsOf(definition), ...pixels },
      }),
    detect: oneStep("detect", {
      inputs: { scenes: "many(raster)", area: "features", known: "features" },
      use: "satellite.update-alerts",
      from: { scenes: "scenes", area: "area", known: "known" },
      with: {
        task,
        detectors: [{ name: "harmonic", direction }],
        ...(monitorFrom !== undefined && { monitorFrom }),
        ...(chips !== undefined && { chips }),
        ...definition.detect,
      },
    }),
  };
}

interface Step {
  readonly inputs: Readonly<Record<string, string>>;
  readonly use: string;
  readonly from: string | Readonly<Record<string, string>>;
  readonly with: JsonObject;
}

function oneStep(name: string, { inputs, use, from, with: options }: Step): Graph {
  return {
    stargate: 1,
    name,
    inputs,
    steps: [{ kind: "transform", id: name, use, from, with: options }],
    output: name,
  };
}
