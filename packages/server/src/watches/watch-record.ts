import { digestJson, type Json, type JsonObject } from "@stargate/kernel";
import { z } from "zod";
import type { Features } from "../composition-root.ts";
import { failWatch } from "../errors/watch-errors.ts";
import { observeOptionsOf } from "./watch-pipelines.ts";
import type { WatchDefinition } from "./watches-schema.ts";

/** What makes the observations of a watch comparable: those of another purpose do not belong beside them. */
export interface WatchPurpose {
  /** Digest of the area's geometries. */
  readonly area: string;
  readonly task: string;
  /** Options of satellite.observe. */
  readonly observe: JsonObject;
}

const recordSchema = z.object({
  stargate: z.literal(1),
  area: z.string(),
  task: z.string(),
  observe: z.record(z.string(), z.json()),
  /** Reference system and size of all pixels: those of the first scene, whatever later ones have. */
  pixels: z.object({ crs: z.string(), pixelSize: z.number() }).optional(),
  /** Digest of what was last looked at for changes, and of how. */
  detected: z.string().optional(),
  /** Share of the area of which enough was seen then to say something. */
  judgedShare: z.number().optional(),
});

/** What `watch.json` holds. */
export type WatchRecord = Readonly<Omit<z.infer<typeof recordSchema>, keyof WatchPurpose>> & WatchPurpose;

export function purposeOf(definition: WatchDefinition, { features }: Features): WatchPurpose {
  const geometries = features.map(({ geometry }) => geometry) as unknown as Json; // GeoJSON is JSON
  return { area: digestJson(geometries), task: definition.task, observe: observeOptionsOf(definition) };
}

/**
 * The record to go on with: that of the folder, or a new one. Throws SG_WATCH_FOLDER when the folder holds what was observed
 * for another purpose, and names what differs.
 */
export function recordFor(purpose: WatchPurpose, text: string | undefined, folder: string): WatchRecord {
  if (text === undefined) return { stargate: 1, ...purpose };
  const { data: record } = recordSchema.safeParse(parseJson(text));
  if (record === undefined)
    throw failWatch("SG_WATCH_FOLDER", `${folder}/watch.json is not what a watch writes`, {
      hint: "Give the watch another folder; if this one is a watch's, put watch.json back from a copy.",
    });
  const differences = differencesOf(record, purpose);
  if (differences.length === 0) return record;
  throw failWatch("SG_WATCH_FOLDER", `Folder ${folder} holds another watch: ${differences.join(", ")}`);
}

function differencesOf(record: WatchRecord, purpose: WatchPurpose): readonly string[] {
  const kept: JsonObject = { ...record.observe, ...record.pixels };
  const names = new Set([...Object.keys(record.observe), ...Object.keys(purpose.observe)]);
  // Where the options leave pixels open, those there are go on.
  for (const name of ["crs", "pixelSize"])
    if (purpose.observe[name] === undefined || kept[name] === undefined) names.delete(name);
  return [
    ...(record.area === purpose.area ? [] : ["its area is another"]),
    ...(record.task === purpose.task ? [] : [`its task is ${record.task}, not ${purpose.task}`]),
    ...[...names]
      .filter((name) => shown(kept[name]) !== shown(purpose.observe[name]))
      .map((name) => `its ${name} is ${shown(kept[name])}, not ${shown(purpose.observe[name])}`),
  ];
}

const shown = (value: Json | undefined): string => (value === undefined ? "the usual one" : JSON.stringify(value));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
