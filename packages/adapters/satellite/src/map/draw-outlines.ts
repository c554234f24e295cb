import { inverted, toPlace } from "../grid/affine.ts";
import type { Projection } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import type { Feature } from "../modalities/features/features-schema.ts";
import { linesOf } from "../modalities/features/positions.ts";
import type { Canvas, Point, Rectangle } from "./canvas.ts";
import { outlineStyleOf, strokesOf } from "./outline-styles.ts";

export interface DrawOutlinesOptions {
  readonly grid: Grid;
  readonly fromLonLat: Projection;
}

/** Draws the outlines of features into the rectangle that shows a grid; those of high confidence uppermost. */
export function drawOutlines(
  canvas: Canvas,
  features: readonly Feature[],
  rectangle: Rectangle,
  { grid, fromLonLat }: DrawOutlinesOptions,
): void {
  const toPixel = inverted(grid.affine);
  const place = (longitude: number, latitude: number): Point => {
    const [column, row] = toPlace(toPixel, ...fromLonLat(longitude, latitude));
    return [
      rectangle.left + (column * rectangle.width) / grid.widthPixels,
      rectangle.top + (row * rectangle.height) / grid.heightPixels,
    ];
  };
  canvas.clip(rectangle);
  const order = ["place", "rejected", "low", "high"];
  const sorted = features.toSorted((a, b) => order.indexOf(outlineStyleOf(a)) - order.indexOf(outlineStyleOf(b)));
  for (const feature of sorted) {
    if (feature.geometry === null) continue;
    const lines = linesOf(feature.geometry).map((line) =>
      line.map(([longitude, latitude]) => place(longitude, latitude)),
    );
    for (const stroke of strokesOf(outlineStyleOf(feature))) {
      for (const line of lines) {
        for (const [index, point] of line.entries()) canvas.line(line[Math.max(0, index - 1)] ?? point, point, stroke);
      }
    }
  }
  canvas.clip();
}
