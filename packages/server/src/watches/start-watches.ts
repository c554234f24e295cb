import { resolve } from "node:path";
import type { Gate, Log } from "@stargate/kernel";
import { loadSatellite, type Features, type Raster } from "../composition-root.ts";
import { namesIn } from "../connectors/durable-files.ts";
import { fail } from "../errors/server-errors.ts";
import { openFileBlob } from "../host/file-blob.ts";
import type { NodeHost } from "../host/node-host.ts";
import type { RunningWatch, RunningWatches, WatchStatus } from "./running-watches.ts";
import { AreaWatch } from "./watch-area.ts";
import type { WatchEvent } from "./watch-events.ts";
import { countAlerts, type AlertCount } from "./count-alerts.ts";
import { noAlerts, openWatchFiles, type WatchFiles } from "./watch-files.ts";
import { purposeOf } from "./watch-record.ts";
import { WatchWebhook } from "./watch-webhook.ts";
import type { WatchDefinition } from "./watches-schema.ts";

export interface StartWatchesOptions {
  readonly gate: Gate;
  readonly host: NodeHost;
  readonly log: Log;
  /** Relative files start here. */
  readonly directory: string;
  /** Environment variables, for secrets given as `{ env: NAME }`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts all configured watches. Throws what is wrong with an area or a folder, SG_CONFIG_INVALID and SG_FETCH_DENIED for a
 * webhook; none runs then.
 */
export async function startWatches(
  definitions: Readonly<Record<string, WatchDefinition>>,
  options: StartWatchesOptions,
): Promise<RunningWatches> {
  const stop = new AbortController();
  const watches = new Map<string, RunningWatch>();
  const running: Promise<void>[] = [];
  const stopAll = async (): Promise<void> => {
    stop.abort();
    await Promise.all(running);
    for (const { files } of watches.values()) await files[Symbol.asyncDispose]();
    watches.clear();
  };
  try {
    for (const [name, definition] of Object.entries(definitions)) {
      const { watch, loop } = await startWatch(name, definition, { ...options, signal: stop.signal });
      watches.set(name, watch);
      running.push(loop);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { watches, stop: stopAll };
}

async function startWatch(
  name: string,
  given: WatchDefinition,
  { gate, host, log, directory, environment, signal }: StartWatchesOptions & { readonly signal: AbortSignal },
): Promise<{ readonly watch: RunningWatch; readonly loop: Promise<void> }> {
  const definition: WatchDefinition = {
    ...given,
    folder: resolve(directory, given.folder),
    ...(given.scenes !== undefined && { scenes: resolve(directory, given.scenes) }),
  };
  const area = await readArea(gate, resolve(directory, definition.area));
  const secret = secretOf(name, definition, environment);
  if (definition.webhook !== undefined) host.fetchGate.assertAllowed(definition.webhook.url);
  const opened = await openWatchFiles(definition.folder, purposeOf(definition, area));
  const files: WatchFiles = {
    ...opened,
    async verify(id, verification) {
      await opened.verify(id, verification);
      status = { ...status, ...(await countKept(opened)) };
    },
  };
  let status: WatchStatus = {
    name,
    task: definition.task,
    searchedAt: null,
    problem: null,
    scenes: 0,
    ...(await countKept(opened)),
    judgedShare: opened.record().judgedShare ?? null,
  };
  let observed: Promise<readonly Raster[]> | undefined;
  const { clock, fetch } = host;
  const webhook =
    definition.webhook === undefined || secret === undefined
      ? undefined
      : new WatchWebhook({ ...definition.webhook, name, secret, files, clock, fetch, log, signal });
  const onEvent = (event: WatchEvent): void => {
    if (event.type === "scene") observed = undefined;
    status = { ...status, ...changeOf(event, host.clock.epochMs()) };
    if (event.type === "alerts") webhook?.ring();
    if (event.type === "round-failed") log.warn("A round of a watch failed", { watch: name, code: event.code });
    if (event.type === "scene-failed")
      log.warn("A scene cannot be read", { watch: name, scene: event.scene, code: event.code, error: event.message });
  };
  const watch = new AreaWatch({
    chips: `/v1/watches/${name}/alerts/{id}/chip.png`,
    gate,
    host,
    clock,
    definition,
    area,
    files,
    signal,
    onEvent,
  });
  return {
    watch: {
      definition,
      area,
      files,
      status: () => status,
      scenes: () => (observed ??= openScenes(files.scenesFolder)),
    },
    loop: Promise.all([watch.run(), webhook?.run()]).then(() => undefined),
  };
}

/** Throws SG_CONFIG_INVALID for a variable that is not set. */
function secretOf(
  name: string,
  { webhook }: WatchDefinition,
  environment: StartWatchesOptions["environment"],
): string | undefined {
  if (webhook === undefined) return undefined;
  if (typeof webhook.secret === "string") return webhook.secret;
  const { env } = webhook.secret;
  const value = environment[env];
  if (value !== undefined && value !== "") return value;
  throw fail("SG_CONFIG_INVALID", `watches.${name}.webhook.secret: environment variable ${env} is not set`);
}

const countKept = async (files: WatchFiles): Promise<AlertCount> =>
  countAlerts(JSON.parse((await files.alerts()) ?? noAlerts) as Features); // our own file

async function openScenes(folder: string): Promise<readonly Raster[]> {
  if ((await namesIn(folder)).length === 0) return [];
  const { openSceneFolder } = await loadSatellite();
  return (await openSceneFolder(folder)).series.rasters;
}

function changeOf(event: WatchEvent, epochMs: number): Partial<WatchStatus> {
  const at = new Date(epochMs).toISOString();
  switch (event.type) {
    case "searched":
      return { searchedAt: at, scenes: event.scenes, problem: null };
    case "alerts":
      return { alerts: event.alerts, hectares: event.hectares, judgedShare: event.judgedShare };
    case "round-failed":
      return { problem: { code: event.code, message: event.message, at } };
    default:
      return {};
  }
}

async function readArea(gate: Gate, path: string): Promise<Features> {
  const { value } = await gate.run(await openFileBlob(path), { to: "features" }, { as: "features" });
  return value as Features; // of that modality
}
