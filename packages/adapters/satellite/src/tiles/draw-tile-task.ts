import { createPortableHost, pixels, type TaskContext } from "@stargate/kernel";
import { compileExpression } from "../indices/compile-expression.ts";
import { type ColorRamp, rampColor } from "../map/color-ramps.ts";
import type { RasterValues } from "../modalities/raster/raster-schema.ts";

/** What a tile shows. */
export interface TileStyle {
  /** A band, or an expression over bands. */
  readonly expression: string;
  /** Values of the first and the last colour; what lies outside has the colour of the end. */
  readonly from: number;
  readonly to: number;
  readonly ramp: ColorRamp;
}

/** A tile to be drawn; structured-cloneable. */
export interface TileDrawing extends TileStyle {
  readonly bands: Readonly<Record<string, RasterValues>>;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** A PNG, transparent where nothing was observed. Throws SG_SATELLITE_EXPRESSION. */
export async function drawTile(tile: TileDrawing, context: TaskContext): Promise<Uint8Array<ArrayBuffer>> {
  const { expression, bands, from, to, ramp, widthPixels, heightPixels } = tile;
  const values = compileExpression(expression).evaluate(bands);
  const data = new Uint8Array(values.length * 4);
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = values[pixel] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    data.set([...rampColor(ramp, (value - from) / (to - from)), 255], pixel * 4);
  }
  const picture = { widthPixels, heightPixels, channels: 4 as const, data };
  const { signal } = context;
  const png = await pixels.codecs["image/png"]?.encode?.(picture, { signal, offload: createPortableHost().offload });
  const bytes = new Uint8Array(await new Response(png ?? null).arrayBuffer());
  context.transfer([bytes.buffer]);
  return bytes;
}
