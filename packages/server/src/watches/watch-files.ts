import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { loadSatellite, type AlertVerification, type Features } from "../composition-root.ts";
import type { Receipt } from "@stargate/kernel";
import { exists, namesIn, replaceDurably, syncFolder, writeDurably } from "../connectors/durable-files.ts";
import { lockFolder } from "../connectors/folder-lock.ts";
import { failConnector } from "../errors/connector-errors.ts";
import { safeFileName } from "../connectors/safe-file-name.ts";

/** A scene that was given up, and why. */
export interface SceneProblem {
  readonly scene: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly at: string;
}

/**
 * The folder of a watch, open for writing:
 *
 *     scenes/<scene>.tif             what was observed of the area, one index, GeoTIFF
 *     scenes/<scene>.json            its STAC item; written last: a scene that has it is done
 *     scenes/<scene>.receipt.json    how it was made
 *     failed/<scene>.problem.json    a scene that can never be read, and why
 *     alerts.geojson                 all alerts, with what people have said of them
 *
 * `scenes` is a catalogue of its own: every program that reads STAC or GeoTIFF can read it.
 */
export interface WatchFiles extends AsyncDisposable {
  readonly scenesFolder: string;
  /** Whether nothing is left to do for a scene: it was observed, or can never be. */
  isDone(scene: string): Promise<boolean>;
  /** Takes what was observed, durably and as a whole. `itemFor` makes the STAC item, given the name of the file beside it. */
  keep(scene: string, file: Blob, receipt: Receipt, itemFor: (fileName: string) => object): Promise<void>;
  giveUp(problem: SceneProblem): Promise<void>;
  problems(): Promise<readonly SceneProblem[]>;
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

/** Opens the folder, alone. Throws SG_CONNECTOR_FOLDER, SG_CONNECTOR_LOCKED when another process watches with it. */
export async function openWatchFiles(folder: string): Promise<WatchFiles> {
  const scenesFolder = join(folder, "scenes");
  const failedFolder = join(folder, "failed");
  for (const each of [scenesFolder, failedFolder])
    await mkdir(each, { recursive: true }).catch((cause: unknown) => {
      throw failConnector("SG_CONNECTOR_FOLDER", `Folder ${each} cannot be made`, { cause });
    });
  const lock = await lockFolder(folder);
  await removeUnfinished(scenesFolder);
  const alertsFile = join(folder, "alerts.geojson");
  const alertsIfAny = async (): Promise<string | undefined> =>
    (await exists(alertsFile)) ? readFile(alertsFile, "utf8") : undefined;
  let writing: Promise<unknown> = Promise.resolve();
  let verdicts: [string, AlertVerification | null][] = [];
  const itemOf = (scene: string): string => join(scenesFolder, `${safeFileName(scene)}.json`);
  const problemOf = (scene: string): string => join(failedFolder, `${safeFileName(scene)}.problem.json`);
  return {
    scenesFolder,
    isDone: async (scene) => (await exists(itemOf(scene))) || exists(problemOf(scene)),
    async keep(scene, file, receipt, itemFor) {
      const name = safeFileName(scene);
      const path = join(scenesFolder, `${name}.tif`);
      await writeDurably(`${path}.part`, file.stream());
      await rename(`${path}.part`, path);
      await replaceDurably(join(scenesFolder, `${name}.receipt.json`), JSON.stringify(receipt));
      await replaceDurably(itemOf(scene), JSON.stringify(itemFor(`${name}.tif`)));
    },
    giveUp: (problem) => replaceDurably(problemOf(problem.scene), JSON.stringify(problem)),
    async problems() {
      const names = (await namesIn(failedFolder)).filter((name) => name.endsWith(".problem.json"));
      const texts = await Promise.all(names.map((name) => readFile(join(failedFolder, name), "utf8")));
      return texts.map((text) => JSON.parse(text) as SceneProblem); // written by `giveUp` alone
    },
    alerts: alertsIfAny,
    beginAlerts() {
      verdicts = [];
      return alertsIfAny();
    },
    keepAlerts: (geojson) =>
      alone(async () => {
        let text = geojson;
        for (const [id, verification] of verdicts) text = await verified(text, id, verification);
        await replaceDurably(alertsFile, text);
      }),
    verify: (id, verification) =>
      alone(async () => {
        const text = (await alertsIfAny()) ?? noAlerts;
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

async function verified(geojson: string, id: string, verification: AlertVerification | null): Promise<string> {
  const { alertFeatures, alertsOf, verifyAlert } = await loadSatellite();
  const known = alertsOf(JSON.parse(geojson) as Features); // written by ourselves; checked alert by alert
  return JSON.stringify(alertFeatures(verifyAlert(known, id, verification)));
}

/** What a crash has left half written. */
async function removeUnfinished(folder: string): Promise<void> {
  const names = (await namesIn(folder)).filter((name) => /\.part$|\.tmp$/.test(name));
  for (const name of names) await rm(join(folder, name));
  if (names.length > 0) await syncFolder(folder);
}
