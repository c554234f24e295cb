import type { Canvas, Color, Rectangle } from "./canvas.ts";
import { parseColor, rampColor } from "./color-ramps.ts";
import type { MapLayer } from "./map-layer.ts";
import type { Stretch } from "./true-colour-stretch.ts";
import { meanUnder, nearestPixel, type Resampling } from "./resample.ts";

const hatchLight: Color = [236, 236, 236];
const hatchDark: Color = [190, 190, 190];

/** Hatching of what was not observed, so that it looks like no value. */
export function hatchColor(x: number, y: number): Color {
  return (x + y) % 6 < 2 ? hatchDark : hatchLight;
}

export interface DrawLayerOptions {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly stretch: Stretch;
}

/** Draws a layer into a rectangle; north is up, and pixels of the picture are as large as the rectangle makes them. */
export function drawLayer(
  canvas: Canvas,
  layer: MapLayer,
  { left, top, width, height }: Rectangle,
  { widthPixels, heightPixels, stretch }: DrawLayerOptions,
): void {
  const colorAt = colorsOf(layer, { widthPixels, heightPixels, shownWidth: width, shownHeight: height }, stretch);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) canvas.set(left + x, top + y, colorAt(x, y) ?? hatchColor(x, y));
  }
}

/** Colour of a pixel of the rectangle; undefined where nothing was observed. */
function colorsOf(
  layer: MapLayer,
  resampling: Resampling,
  stretch: Stretch,
): (x: number, y: number) => Color | undefined {
  switch (layer.kind) {
    case "true-colour":
      return (x, y) => {
        const red = meanUnder(layer.red, x, y, resampling);
        const green = meanUnder(layer.green, x, y, resampling);
        const blue = meanUnder(layer.blue, x, y, resampling);
        return Number.isNaN(red + green + blue)
          ? undefined
          : [stretch(red, "red"), stretch(green, "green"), stretch(blue, "blue")];
      };
    case "index":
      return (x, y) => {
        const value = meanUnder(layer.values, x, y, resampling);
        return Number.isNaN(value) ? undefined : rampColor(layer.ramp, (value - layer.from) / (layer.to - layer.from));
      };
    case "classes": {
      const colors = new Map(layer.classes.map(({ value, color }) => [value, parseColor(color)]));
      return (x, y) => colors.get(layer.values[nearestPixel(x, y, resampling)] ?? -1);
    }
  }
}

/** Pixels of a layer that were observed. */
export function observedPixels(layer: MapLayer): number {
  switch (layer.kind) {
    case "true-colour":
      return layer.red.reduce(
        (sum, red, pixel) => sum + (Number.isNaN(red + (layer.green[pixel] ?? 0) + (layer.blue[pixel] ?? 0)) ? 0 : 1),
        0,
      );
    case "index":
      return layer.values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
    case "classes":
      return layer.values.reduce(
        (sum, value) => sum + (layer.classes.some((entry) => entry.value === value) ? 1 : 0),
        0,
      );
  }
}
