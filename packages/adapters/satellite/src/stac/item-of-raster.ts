import { fail } from "../satellite-errors.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { boundsOfGrid } from "../grid/area-grid.ts";

/**
 * The STAC item (1.1.0) of a raster of one file, which lies at `href`: what a folder of scenes is made of. The way back is
 * `rasterOfItem`. Throws SG_SATELLITE_GRID for a raster that does not say where it lies.
 */
export function itemOfRaster({ id, product, acquiredAt, catalogue, bands }: Raster, href: string): object {
  const [band] = bands;
  const grid = band?.grid;
  if (band === undefined || grid === undefined)
    throw fail("SG_SATELLITE_GRID", `Scene "${id}" does not say where it lies`);
  const [west, south, east, north] = boundsOfGrid(grid);
  return {
    type: "Feature",
    stac_version: "1.1.0",
    id,
    bbox: [west, south, east, north],
    geometry: {
      type: "Polygon",
      coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]], // prettier-ignore
    },
    properties: {
      datetime: acquiredAt ?? null,
      "proj:code": grid.crs,
      "proj:shape": [grid.heightPixels, grid.widthPixels],
      "proj:transform": grid.affine,
      "stargate:product": product,
    },
    assets: {
      [band.name]: {
        href,
        type: "image/tiff; application=geotiff",
        roles: ["data"],
        bands: [{ name: band.name, data_type: band.dtype ?? "float32", nodata: "nan" }],
        "stargate:holds": band.holds,
      },
    },
    links: catalogue === undefined ? [] : [{ rel: "derived_from", href: catalogue }],
  };
}
