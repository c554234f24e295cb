import type { Feature } from "../modalities/features/features-schema.ts";
import { type Canvas, type Color, type Point, textWidth } from "./canvas.ts";
import { colorRamps, formatColor, parseColor, rampColor } from "./color-ramps.ts";
import { hatchColor, observedPixels } from "./draw-layer.ts";
import type { MapLayer } from "./map-layer.ts";
import { type OutlineStyle, outlineStyleOf, outlineStyles, strokesOf } from "./outline-styles.ts";

const INK: Color = [34, 34, 34];
const TEXT_SIZE = 2;
const BOX_PIXELS = 16;
const GAP_PIXELS = 20;
const RAMP_WIDTH_PIXELS = 180;
export const LEGEND_ROW_PIXELS = 28;

/** One thing a legend explains. */
export interface LegendItem {
  readonly label: string;
  /** "#440154": the colour that stands for it. */
  readonly color: string;
  readonly width: number;
  draw(canvas: Canvas, at: Point): void;
}

/** What is on the map: colours of the layers, outlines, and hatching where something was not observed. */
export function legendOf(layers: readonly MapLayer[], features: readonly Feature[]): readonly LegendItem[] {
  const items = layers.flatMap(layerItems);
  const styles = new Set(features.map(outlineStyleOf));
  for (const style of ["high", "low", "rejected", "place"] as const)
    if (styles.has(style)) items.push(outlineItem(style));
  if (layers.some((layer) => observedPixels(layer) < sizeOf(layer))) items.push(hatchItem());
  // Two panels of one kind explain themselves once.
  return items.filter(({ label }, index) => items.findIndex((other) => other.label === label) === index);
}

function sizeOf(layer: MapLayer): number {
  return layer.kind === "true-colour" ? layer.red.length : layer.values.length;
}

function layerItems(layer: MapLayer): LegendItem[] {
  switch (layer.kind) {
    case "true-colour":
      return [];
    case "index":
      return [rampItem(layer)];
    case "classes": {
      const present = new Set(layer.values);
      return layer.classes.filter(({ value }) => present.has(value)).map(({ label, color }) => boxItem(label, color));
    }
  }
}

function labelled(
  label: string,
  color: string,
  swatchWidth: number,
  draw: (canvas: Canvas, at: Point) => void,
): LegendItem {
  return {
    label,
    color,
    width: swatchWidth + 8 + textWidth(label, TEXT_SIZE) + GAP_PIXELS,
    draw: (canvas, [x, y]) => {
      draw(canvas, [x, y]);
      canvas.text(label, [x + swatchWidth + 8, y + (BOX_PIXELS - 14) / 2], { color: INK, size: TEXT_SIZE });
    },
  };
}

function boxItem(label: string, color: string): LegendItem {
  return labelled(label, color, BOX_PIXELS, (canvas, [left, top]) => {
    const box = { left, top, width: BOX_PIXELS, height: BOX_PIXELS };
    canvas.fill(box, parseColor(color));
    canvas.frame(box, INK);
  });
}

function hatchItem(): LegendItem {
  return labelled("Not observed", formatColor(hatchColor(0, 0)), BOX_PIXELS, (canvas, [left, top]) => {
    for (let y = 0; y < BOX_PIXELS; y++) {
      for (let x = 0; x < BOX_PIXELS; x++) canvas.set(left + x, top + y, hatchColor(left + x, top + y));
    }
    canvas.frame({ left, top, width: BOX_PIXELS, height: BOX_PIXELS }, INK);
  });
}

function outlineItem(style: OutlineStyle): LegendItem {
  const { label, color } = outlineStyles[style];
  return labelled(label, color, 2 * BOX_PIXELS, (canvas, [left, top]) => {
    const middle = top + BOX_PIXELS / 2;
    for (const stroke of strokesOf(style)) canvas.line([left + 2, middle], [left + 2 * BOX_PIXELS - 3, middle], stroke);
  });
}

function rampItem({ name, from, to, ramp }: Extract<MapLayer, { kind: "index" }>): LegendItem {
  const [low, high] = [numberText(from), numberText(to)];
  const label = `${name} ${low} to ${high}`;
  const [nameWidth, lowWidth, highWidth] = [name, low, high].map((text) => textWidth(text, TEXT_SIZE) + 8);
  const rampLeft = (nameWidth ?? 0) + (lowWidth ?? 0);
  return {
    label,
    color: colorRamps[ramp].at(-1) ?? "",
    width: rampLeft + RAMP_WIDTH_PIXELS + 8 + (highWidth ?? 0) + GAP_PIXELS,
    draw: (canvas, [left, top]) => {
      const style = { color: INK, size: TEXT_SIZE };
      canvas.text(name, [left, top + 1], style);
      canvas.text(low, [left + (nameWidth ?? 0), top + 1], style);
      for (let x = 0; x < RAMP_WIDTH_PIXELS; x++) {
        const color = rampColor(ramp, x / (RAMP_WIDTH_PIXELS - 1));
        canvas.fill({ left: left + rampLeft + x, top, width: 1, height: BOX_PIXELS }, color);
      }
      canvas.frame({ left: left + rampLeft, top, width: RAMP_WIDTH_PIXELS, height: BOX_PIXELS }, INK);
      canvas.text(high, [left + rampLeft + RAMP_WIDTH_PIXELS + 8, top + 1], style);
    },
  };
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Rows of items that are not wider than the map. */
export function legendRows(items: readonly LegendItem[], maxWidth: number): readonly (readonly LegendItem[])[] {
  const rows: LegendItem[][] = [];
  let width = Infinity;
  for (const item of items) {
    if (width + item.width > maxWidth) {
      rows.push([]);
      width = 0;
    }
    rows.at(-1)?.push(item);
    width += item.width;
  }
  return rows;
}

export function drawLegend(canvas: Canvas, rows: readonly (readonly LegendItem[])[], [left, top]: Point): void {
  for (const [row, items] of rows.entries()) {
    let x = left;
    for (const item of items) {
      item.draw(canvas, [x, top + row * LEGEND_ROW_PIXELS]);
      x += item.width;
    }
  }
}
