import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSceneFolder } from "./open-scene-folder.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "stargate-scenes-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(root, "folder-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe("a folder of scenes", () => {
  it("is read by the names of bare files: date, product and band", async () => {
    const folder = await folderOf({
      "S2A_MSIL2A_20230611T100601_N0509_T33TVM_B04_10m.jp2": "",
      "S2A_MSIL2A_20230611T100601_N0509_T33TVM_SCL_20m.jp2": "",
      "HLS.L30.T33TVM.2023153T094712.v2.0.B05.tif": "",
      "HLS.L30.T33TVM.2023153T094712.v2.0.Fmask.tif": "",
      "LC09_L2SP_191028_20230602_20230605_02_T1_SR_B4.TIF": "",
      "LC09_L2SP_191028_20230602_20230605_02_T1_QA_PIXEL.TIF": "",
      "2017-07-05.tif": "",
      "2017-08-05_ndvi.tif": "",
      "readme.txt": "",
      "map.tif": "",
    });
    const { series, notes } = await openSceneFolder(folder);
    expect(
      series.rasters.map(({ id, product, acquiredAt, bands }) => [
        id,
        product,
        acquiredAt,
        bands.map(({ name }) => name).join(),
      ]),
    ).toEqual([
      ["2017-07-05", "other", "2017-07-05T00:00:00.000Z", "value"],
      ["2017-08-05", "other", "2017-08-05T00:00:00.000Z", "ndvi"],
      ["LC09_L2SP_191028_20230602_20230605_02_T1", "landsat-c2-l2", "2023-06-02T00:00:00.000Z", "qa_pixel,red"],
      ["HLS.L30.T33TVM.2023153T094712.v2.0", "hls", "2023-06-02T09:47:12.000Z", "nir08,fmask"],
      ["S2A_MSIL2A_20230611T100601_N0509_T33TVM", "sentinel-2-l2a", "2023-06-11T10:06:01.000Z", "red,scl"],
    ]);
    expect(series.rasters.at(-1)?.processing).toEqual({ baseline: "05.09" });
    expect(notes).toEqual(["map.tif: no date in its name"]);
  });

  it("is read by its STAC items, whose files lie where they say or beside them, never outside", async () => {
    const item = {
      type: "Feature",
      stac_version: "1.0.0",
      id: "scene",
      collection: "sentinel-2-l2a",
      properties: { datetime: "2023-06-11T10:06:01Z" },
      links: [],
      assets: {
        red: { href: "./data/B04.tif", type: "image/tiff" },
        nir: { href: "https://far.example/path/B08.tif?signature=1", type: "image/tiff" },
        swir16: { href: "../../outside/B11.tif", type: "image/tiff" },
      },
    };
    const folder = await folderOf({
      "scene/item.json": JSON.stringify(item),
      "scene/data/B04.tif": "r",
      "scene/B08.tif": "n",
      "settings.json": "{}",
      "broken.json": "{",
    });
    await mkdir(join(folder, "..", "outside"), { recursive: true });
    await writeFile(join(folder, "..", "outside", "B11.tif"), "x");
    const { series, notes } = await openSceneFolder(folder);
    const texts = await Promise.all(
      (series.rasters[0]?.bands ?? []).map(
        async ({ name, source }) => `${name}=${source.kind === "file" ? await source.blob.text() : ""}`,
      ),
    );
    expect(texts).toEqual(["red=r", "nir=n"]);
    expect(notes).toEqual([`${join("scene", "item.json")}: no file for swir16`]);
  });

  it("is a typed error without scenes, without being there, and with an item that is none", async () => {
    await expect(openSceneFolder(await folderOf({ "a.txt": "" }))).rejects.toMatchObject({
      code: "SG_SATELLITE_SERIES",
    });
    await expect(openSceneFolder(join(root, "nowhere"))).rejects.toThrow(/cannot be read: ENOENT/);
    const damaged = await folderOf({ "item.json": '{"type":"Feature","stac_version":"1.0.0","assets":{"red":{}}}' });
    await expect(openSceneFolder(damaged)).rejects.toMatchObject({ code: "SG_INPUT_INVALID" });
  });
});
