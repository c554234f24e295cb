import type { JsonObject } from "@stargate/kernel";
import type { WatchDefinition } from "./watches-schema.ts";

interface WatchTask {
  /** Options of satellite.observe. */
  readonly observe: JsonObject;
  /** Which way the index goes when it happens. */
  readonly direction: "loss" | "gain";
}

/** What each task looks at. */
export const watchTasks: Readonly<Record<WatchDefinition["task"], WatchTask>> = {
  deforestation: { observe: { index: "ndvi", task: "vegetation" }, direction: "loss" },
  regrowth: { observe: { index: "ndvi", task: "vegetation" }, direction: "gain" },
  drought: { observe: { index: "ndmi", task: "vegetation" }, direction: "loss" },
  flood: { observe: { index: "mndwi", task: "vegetation" }, direction: "gain" },
};
