import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forestArea } from "../../../../test/support/forest-scenes.ts";
import type { Features } from "../composition-root.ts";
import { openWatchFiles } from "./watch-files.ts";
import { purposeOf } from "./watch-record.ts";
import { watchSchema } from "./watches-schema.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-watch-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const area = { type: "FeatureCollection", features: [forestArea] } as unknown as Features;
const definition = (change: object = {}) =>
  watchSchema.parse({ area: "a.geojson", scenes: "s", from: "2021-01-01", folder: "f", ...change });
const open = (change: object = {}, of = area) => openWatchFiles(folder, purposeOf(definition(change), of));

describe("the folder of a watch", () => {
  test("is one process's alone", async () => {
    await using first = await open();
    await expect(open()).rejects.toMatchObject({ code: "SG_CONNECTOR_LOCKED" });
    await first[Symbol.asyncDispose]();
    await (await open())[Symbol.asyncDispose]();
  });

  const elsewhere = structuredClone<unknown>(area) as { features: { geometry: { coordinates: number[][][] } }[] };
  (elsewhere.features[0]?.geometry.coordinates[0]?.[1] ?? [])[0] = 14.6;
  test.for([
    ["another area", {}, elsewhere as unknown as Features, "its area is another"],
    [
      "another task",
      { task: "drought" },
      area,
      'its task is deforestation, not drought, its index is "ndvi", not "ndmi"',
    ],
    ["another index", { observe: { index: "evi" } }, area, 'its index is "ndvi", not "evi"'],
    ["other pixels", { observe: { pixelSize: 20 } }, area, "its pixelSize is 10, not 20"],
    ["another reference system", { observe: { crs: "EPSG:3857" } }, area, 'its crs is "EPSG:32633", not "EPSG:3857"'],
    ["another mask", { observe: { mask: "none" } }, area, 'its mask is the usual one, not "none"'],
  ] as const)("is refused for %s, and says so", async ([, change, of, message]) => {
    const first = await open();
    await first.note({ pixels: { crs: "EPSG:32633", pixelSize: 10 } });
    await first[Symbol.asyncDispose]();
    await expect(open(change, of)).rejects.toMatchObject({ code: "SG_WATCH_FOLDER", message: expect.stringContaining(message) as string }); // prettier-ignore
    await (await open())[Symbol.asyncDispose](); // no lock was left
  });

  test("goes on with another catalogue, other dates, another detector, and pixels that are said to be what they are", async () => {
    const first = await open();
    await first.note({ pixels: { crs: "EPSG:32633", pixelSize: 10 } });
    await first[Symbol.asyncDispose]();
    await using again = await open({ scenes: "t", from: "2020-01-01", detect: { minimumHectares: 1 }, observe: { pixelSize: 10 } }); // prettier-ignore
    expect(again.record().pixels).toEqual({ crs: "EPSG:32633", pixelSize: 10 });
  });

  test("is refused when somebody has written something else there", async () => {
    await writeFile(join(folder, "watch.json"), '{"name": "mine"}');
    await expect(open()).rejects.toMatchObject({ code: "SG_WATCH_FOLDER" });
  });

  test("is rid of what a crash has left half written, and of nothing else", async () => {
    await (await open())[Symbol.asyncDispose]();
    const left = ["alerts.geojson.12.tmp", "scenes/b.tif.part", "scenes/c.json.3.tmp", "failed/d.problem.json.4.tmp", "scenes/b.tif", "scenes/b.receipt.json"]; // prettier-ignore
    const whole = ["alerts.geojson", "scenes/a.json", "scenes/a.tif", "scenes/a.receipt.json", "failed/e.problem.json"];
    for (const name of [...left, ...whole]) await writeFile(join(folder, name), "{}");
    await (await open())[Symbol.asyncDispose]();
    const names = (await readdir(folder, { recursive: true })).toSorted();
    expect(names).toEqual([...whole, "failed", "scenes", "watch.json"].toSorted());
  });
});

describe("a scene that could not be read", () => {
  const HOUR_MS = 3_600_000;
  const problem = { scene: "a", code: "SG_SATELLITE_ASSET", message: "gone", hint: "", version: "1" };

  test("is tried again after an hour, then after growing pauses, a week at most, and at once when it is another", async () => {
    await using files = await open();
    const { problems } = files;
    let nowMs = 0;
    const pausesHours: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await problems.note({ ...problem, at: new Date(nowMs).toISOString() });
      let hours = 0;
      while (await problems.isWaiting("a", "1", nowMs + hours * HOUR_MS)) hours += 1;
      pausesHours.push(hours);
      nowMs += hours * HOUR_MS;
    }
    expect(pausesHours).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 168, 168]);
    expect(await problems.isWaiting("a", "2", nowMs)).toBe(false);
    expect(await problems.isWaiting("b", "1", nowMs)).toBe(false);
    expect(await problems.list()).toMatchObject([{ scene: "a", attempts: 10 }]);
    await problems.forget("a");
    expect(await problems.list()).toEqual([]);
  });
});
