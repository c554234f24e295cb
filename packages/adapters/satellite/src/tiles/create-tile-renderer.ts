import { defineTask } from "@stargate/kernel";
import type { Grid } from "../grid/grid.ts";
import { compileExpression } from "../indices/compile-expression.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { findBand } from "../read/find-band.ts";
import { readOnto } from "../read/onto/read-onto.ts";
import { openBand, type OpenBand, type ReadContext } from "../read/open-band.ts";
import type { TileDrawing, TileStyle } from "./draw-tile-task.ts";

const draw = defineTask<TileDrawing, Uint8Array<ArrayBuffer>>({
  base: import.meta.url,
  module: "./draw-tile-task",
  export: "drawTile",
});

export interface TileRenderer {
  /**
   * A tile as PNG: what was not observed is transparent. Throws SG_SATELLITE_EXPRESSION, SG_SATELLITE_BAND, and what
   * reading throws.
   */
  render(raster: Raster, grid: Grid, style: TileStyle): Promise<Uint8Array<ArrayBuffer>>;
}

/** Files whose headers are kept: those of one screen full of tiles. */
const MAX_OPEN = 64;

/** Draws tiles of rasters; keeps the headers of the files it has opened, since one picture is made of many tiles. */
export function createTileRenderer(context: ReadContext): TileRenderer {
  const opened = new Map<string, Promise<OpenBand>>();

  function open(raster: Raster, name: string): Promise<OpenBand> {
    const band = findBand(raster, name);
    if (band.source.kind !== "remote") return openBand(band, context);
    const key = `${band.source.href} ${band.sample}`;
    const known = opened.get(key) ?? openBand(band, context);
    opened.delete(key);
    opened.set(key, known);
    known.catch(() => opened.delete(key));
    if (opened.size > MAX_OPEN) opened.delete(opened.keys().next().value as string); // not empty
    return known;
  }

  return {
    async render(raster, grid, style) {
      const compiled = compileExpression(style.expression);
      const entries = await Promise.all(
        compiled.bands.map(async (name) => {
          const band = await open(raster, name);
          const { signal } = context;
          const resampling = raster.bands.some((one) => one.name === name && one.holds === "classes")
            ? "nearest"
            : "bilinear";
          return [name, await readOnto(band, grid, { resampling, signal })] as const;
        }),
      );
      const { widthPixels, heightPixels } = grid;
      const bands = Object.fromEntries(entries);
      return context.offload(
        draw,
        { ...style, bands, widthPixels, heightPixels },
        { signal: context.signal, transfer: entries.map(([, { buffer }]) => buffer) },
      );
    },
  };
}
