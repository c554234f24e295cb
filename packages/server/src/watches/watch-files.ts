import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { loadSatellite, type AlertVerification, type Features } from "../composition-root.ts";
import type { Receipt } from "@stargate/kernel";
import { exists, namesIn, replaceDurably, syncFolder, writeDurably } from "../connectors/durable-files.ts";
import { lockFolder } from "../connectors/folder-lock.ts";
import { failConnector } from "../errors/connector-errors.ts";
import { safeFileName } from "../connectors/safe-file-name.ts";
import { openSceneProblems, type SceneProblems } from "./scene-problems.ts";
import { recordFor, type WatchPurpose, type WatchRecord } from "./watch-record.ts";

/**
 * The folder of a watch, open for writing:
 *
 *     watch.json                     what the watch is for, its pixels, and what was last looked at for changes
 *     scenes/<scene>.tif             what was observed of the area, one index, GeoTIFF
 *     scenes/<scene>.json            its STAC item; written last: a scene that has it is done
 *     scenes/<scene>.receipt.json    how it was made
 *     failed/<scene>.problem.json    a scene that cannot be read, and why
 *     alerts.geojson                 all alerts, with what people have said of them
 *     told.json                      of which alerts the webhook's receiver knows
 *
 * `scenes` is a catalogue of its own: every program that reads STAC or GeoTIFF can read it.
 */
export interface WatchFiles extends AsyncDisposable {
  readonly folder: string;
  readonly scenesFolder: string;
  readonly problems: SceneProblems;
  /** What `watch.json` holds. */
  record(): WatchRecord;
  /** Changes members of it. */
  note(change: Partial<Pick<WatchRecord, "pixels" | "detected" | "judgedShare">>): Promise<void>;
  /** Whether a scene was observed. */
  isDone(scene: string): Promise<boolean>;
  /** Names of the items of all that was observed, in order. */
  observed(): Promise<readonly string[]>;
  /** Takes what was observed, durably and as a whole. `itemFor` makes the STAC item, given the name of the file beside it. */
  keep(scene: string, file: Blob, receipt: Receipt, itemFor: (fileName: string) => object): Promise<void>;
  /** GeoJSON of the alerts; undefined before there was a first look for changes. */
  alerts(): Promise<string | undefined>;
  /**
   * Alerts as they are, to be brought up to date with `keepAlerts`; what people say of them meanwhile is not lost.
   */
  beginAlerts(): Promise<string | undefined>;
  keepAlerts(geojson: string): Promise<void>;
  /** What a person found at an alert; null takes it back. Throws SG_INPUT_INVALID for an alert there is not. */
  verify(id: string, verification: AlertVerification | null): Promise<void>;
}

/**
 * Opens the folder, alone. Throws SG_CONNECTOR_FOLDER, SG_CONNECTOR_LOCKED when another process watches with it,
 * SG_WATCH_FOLDER when it holds what was observed for another purpose.
 */
export async function openWatchFiles(folder: string, purpose: WatchPurpose): Promise<WatchFiles> {
  const scenesFolder = join(folder, "scenes");
  const failedFolder = join(folder, "failed");
  for (const each of [scenesFolder, failedFolder])
    await mkdir(each, { recursive: true }).catch((cause: unknown) => {
      throw failConnector("SG_CONNECTOR_FOLDER", `Folder ${each} cannot be made`, { cause });
    });
  const lock = await lockFolder(folder);
  const recordFile = join(folder, "watch.json");
  let record: WatchRecord;
  try {
    for (const each of [folder, scenesFolder, failedFolder]) await removeUnfinished(each);
    await removeWithoutItem(scenesFolder);
    record = recordFor(purpose, await textIfThere(recordFile), folder);
    await replaceDurably(recordFile, JSON.stringify(record));
  } catch (error) {
    await lock.release();
    throw error;
  }
  const alertsFile = join(folder, "alerts.geojson");
  const problems = openSceneProblems(failedFolder);
  let writing: Promise<unknown> = Promise.resolve();
  let verdicts: [string, AlertVerification | null][] = [];
  const itemOf = (scene: string): string => join(scenesFolder, `${safeFileName(scene)}${itemEnding}`);
  return {
    folder,
    scenesFolder,
    problems,
    record: () => record,
    async note(change) {
      record = { ...record, ...change };
      await replaceDurably(recordFile, JSON.stringify(record));
    },
    isDone: (scene) => exists(itemOf(scene)),
    observed: async () => (await namesIn(scenesFolder)).filter(isItem),
    async keep(scene, file, receipt, itemFor) {
      const name = safeFileName(scene);
      const path = join(scenesFolder, `${name}${rasterEnding}`);
      await writeDurably(`${path}.part`, file.stream());
      await rename(`${path}.part`, path);
      await replaceDurably(join(scenesFolder, `${name}${receiptEnding}`), JSON.stringify(receipt));
      await replaceDurably(itemOf(scene), JSON.stringify(itemFor(`${name}${rasterEnding}`)));
      await problems.forget(scene);
    },
    alerts: () => textIfThere(alertsFile),
    beginAlerts() {
      verdicts = [];
      return textIfThere(alertsFile);
    },
    keepAlerts: (geojson) =>
      alone(async () => {
        let text = geojson;
        for (const [id, verification] of verdicts) text = await verified(text, id, verification);
        await replaceDurably(alertsFile, text);
      }),
    verify: (id, verification) =>
      alone(async () => {
        const text = (await textIfThere(alertsFile)) ?? noAlerts;
        await replaceDurably(alertsFile, await verified(text, id, verification));
        verdicts.push([id, verification]);
      }),
    [Symbol.asyncDispose]: () => lock.release(),
  };

  /** One after the other: each reads what the one before has written. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const done = writing.then(work, work);
    writing = done.catch(() => undefined);
    return done;
  }
}

/** A collection without alerts. */
export const noAlerts = '{"type":"FeatureCollection","features":[]}';

const rasterEnding = ".tif";
const receiptEnding = ".receipt.json";
const itemEnding = ".json";
const isItem = (name: string): boolean => name.endsWith(itemEnding) && !name.endsWith(receiptEnding);

const textIfThere = async (path: string): Promise<string | undefined> =>
  (await exists(path)) ? readFile(path, "utf8") : undefined;

async function verified(geojson: string, id: string, verification: AlertVerification | null): Promise<string> {
  const { alertFeatures, alertsOf, verifyAlert } = await loadSatellite();
  const known = alertsOf(JSON.parse(geojson) as Features); // written by ourselves; checked alert by alert
  return JSON.stringify(alertFeatures(verifyAlert(known, id, verification)));
}

/** What a crash has left half written. */
async function removeUnfinished(folder: string): Promise<void> {
  await removeFrom(
    folder,
    (await namesIn(folder)).filter((name) => /\.part$|\.\d+\.tmp$/.test(name)),
  );
}

/** A picture without its item would be taken for a scene of its own, by its date. */
async function removeWithoutItem(folder: string): Promise<void> {
  const names = await namesIn(folder);
  const done = new Set(names.filter(isItem).map((name) => name.slice(0, -itemEnding.length)));
  const isLost = (name: string): boolean =>
    [rasterEnding, receiptEnding].some((ending) => name.endsWith(ending) && !done.has(name.slice(0, -ending.length)));
  await removeFrom(folder, names.filter(isLost));
}

async function removeFrom(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name));
  if (names.length > 0) await syncFolder(folder);
}
