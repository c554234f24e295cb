import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { nearestName, type Adapter } from "@stargate/kernel";
import type { Config } from "./config/config-schema.ts";
import { fail } from "./errors/server-errors.ts";

/** Options an operator gives an adapter. */
export type AdapterOptions = Readonly<Record<string, unknown>>;
type AdapterFactory = (options: AdapterOptions) => Adapter;

/**
 * The adapters that come with the gateway: the only place that imports any. Each is loaded when it is opened, and its
 * engines when they are first used, so that an adapter nobody opens costs nothing.
 */
const firstPartyAdapters: Readonly<Record<string, (limits: Config["limits"]) => Promise<AdapterFactory>>> = {
  ocr: async ({ maxPixels, maxPages }) => {
    const { default: ocr } = await import("@stargate/adapter-ocr");
    return (options) => ocr({ maxPixels, maxPages, ...options });
  },
  onnx: async () => (await import("@stargate/adapter-onnx")).default,
  vision: async ({ maxPixels }) => {
    const { default: vision } = await import("@stargate/adapter-vision");
    return (options) => vision({ maxPixels, ...options });
  },
  text: async () => (await import("@stargate/adapter-text")).default,
  audio: async () => (await import("@stargate/adapter-audio")).default,
  satellite: async () => (await import("@stargate/adapter-satellite")).default,
  openai: async () => (await import("@stargate/adapter-openai")).default,
  "open-inference": async () => (await import("@stargate/adapter-open-inference")).default,
};

/** Adapters opened when a configuration names none: those that need no server of their own. */
const defaultAdapterIds: readonly string[] = ["ocr", "onnx", "vision", "text", "audio", "satellite"];

/** Ids of the adapters that come with the gateway. */
const firstPartyAdapterIds: readonly string[] = Object.keys(firstPartyAdapters);

/** Opens the adapters of a configuration, in its order. Throws SG_CONFIG_ADAPTER. */
export function loadAdapters(
  config: Pick<Config, "adapters" | "limits">,
  directory: string,
): Promise<readonly Adapter[]> {
  return Promise.all(adapterEntries(config).map((entry) => loadAdapter(entry, config.limits, directory)));
}

/** What a configuration asks for; everything that works without a server elsewhere when it says nothing. */
export function adapterEntries(config: Pick<Config, "adapters">): NonNullable<Config["adapters"]> {
  return config.adapters ?? defaultAdapterIds;
}

/** Opens one adapter: by name, by name with options, or an adapter object as it is. Throws SG_CONFIG_ADAPTER. */
export async function loadAdapter(
  entry: NonNullable<Config["adapters"]>[number],
  limits: Config["limits"],
  directory: string,
): Promise<Adapter> {
  if (typeof entry !== "string" && !("use" in entry)) return entry as Adapter; // the configuration's schema saw its kind
  const { use, with: options = {} } =
    typeof entry === "string" ? { use: entry } : (entry as { use: string; with?: AdapterOptions });
  try {
    const factory = (await firstPartyAdapters[use]?.(limits)) ?? (await importFactory(use, directory));
    return factory(options);
  } catch (cause) {
    throw unusable(use, cause);
  }
}

async function importFactory(name: string, directory: string): Promise<AdapterFactory> {
  const isPath = name.startsWith(".") || name.startsWith("/");
  const file = isPath ? resolve(directory, name) : createRequire(join(directory, "stargate.config.js")).resolve(name);
  const { default: made }: { readonly default?: unknown } = await import(pathToFileURL(file).href);
  if (typeof made === "function") return made as AdapterFactory; // what it returns is checked when the gate opens
  if (typeof made === "object" && made !== null && "kind" in made && made.kind === "adapter")
    return () => made as Adapter;
  throw fail("SG_CONFIG_ADAPTER", `"${name}" has no adapter as its default export`, {
    hint: "Write `export default () => defineAdapter({ ... })` in the package.",
  });
}

function unusable(name: string, cause: unknown): Error {
  if (cause instanceof Error && "code" in cause && cause.code === "SG_CONFIG_ADAPTER") return cause;
  const missing =
    cause instanceof Error &&
    "code" in cause &&
    (cause.code === "MODULE_NOT_FOUND" || cause.code === "ERR_MODULE_NOT_FOUND");
  const nearest = nearestName(name, firstPartyAdapterIds);
  const hint = !missing
    ? undefined
    : nearest === undefined
      ? `Run npm install ${name} beside the configuration file.`
      : `Did you mean "${nearest}"?`;
  const why = missing
    ? "is not installed"
    : `cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
  return fail("SG_CONFIG_ADAPTER", `The adapter "${name}" ${why}`, { cause, hint });
}

/** What watches and tiles need of the satellite adapter besides its transforms: loaded with the first of them. */
export const loadSatellite = () => import("@stargate/adapter-satellite");

export type {
  AlertVerification,
  ColorRamp,
  Features,
  Raster,
  RasterSeries,
  TileRenderer,
  TileStyle,
} from "@stargate/adapter-satellite";
