import { createPortableHost } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import { openSceneFolder } from "../stac/open-scene-folder.ts";
import { openScene } from "./open-scene.ts";

const { fetch, offload } = createPortableHost();
const context = { fetch, offload, signal: new AbortController().signal };

describe("a real Sentinel-2 scene in a folder", () => {
  it("is read as masked reflectance, on its own grid and on one in degrees", async (test) => {
    const { series } = await openSceneFolder(sharedFile(test, "testdata/satellite/s2-l2a-cog"));
    const [raster] = series.rasters;
    expect(raster?.acquiredAt).toBe("2020-02-19T11:34:25.405Z");
    if (raster === undefined) return;
    const scene = await openScene(raster, { bands: ["red", "nir", "swir22"], task: "vegetation" }, context);
    expect(scene.radiometry).toMatchObject({ scale: 0.0001, offset: 0, contradictsMetadata: false });
    const own = await scene.read({
      crs: "EPSG:32629",
      affine: [100, 0, 229_980, 0, -100, 2_770_020],
      widthPixels: 300,
      heightPixels: 200,
    });
    expect(own.observedPixels).toBe(60_000);
    // B04 at column 300, row 300 as GDAL reads it: 3295.
    expect(own.bands["red"]?.[0]).toBeCloseTo(0.3295, 6);
    const degrees = await scene.read({
      crs: "EPSG:4326",
      affine: [0.001, 0, -11.5, 0, -0.001, 25],
      widthPixels: 100,
      heightPixels: 100,
    });
    expect(degrees.clearPixels).toBeGreaterThan(9000);
    const outside = await scene.read({ ...scene.grid, affine: [100, 0, 0, 0, -100, 0] });
    expect([outside.observedPixels, outside.clearPixels]).toEqual([0, 0]);
  });
});
