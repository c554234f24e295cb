import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
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
  alerts(): Promise<string | undefined>;
  keepAlerts(geojson: string): Promise<void>;
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
    async alerts() {
      return (await exists(alertsFile)) ? readFile(alertsFile, "utf8") : undefined;
    },
    keepAlerts: (geojson) => replaceDurably(alertsFile, geojson),
    [Symbol.asyncDispose]: () => lock.release(),
  };
}

/** What a crash has left half written. */
async function removeUnfinished(folder: string): Promise<void> {
  const names = (await namesIn(folder)).filter((name) => /\.part$|\.tmp$/.test(name));
  for (const name of names) await rm(join(folder, name));
  if (names.length > 0) await syncFolder(folder);
}
