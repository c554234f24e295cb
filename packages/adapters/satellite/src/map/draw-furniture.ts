import { type Canvas, type Color, type Point, type Rectangle, textWidth } from "./canvas.ts";
import { metresText, scaleBarMetres } from "./ground.ts";

const INK: Color = [34, 34, 34];
const PAPER: Color = [255, 255, 255];

/** A scale bar of at most a quarter of the map, with its length beside it. */
export function drawScaleBar(
  canvas: Canvas,
  [left, top]: Point,
  { metresPerPixel, mapWidth }: { readonly metresPerPixel: number; readonly mapWidth: number },
): void {
  const metres = scaleBarMetres((metresPerPixel * mapWidth) / 4);
  const width = Math.round(metres / metresPerPixel);
  const height = 8;
  canvas.fill({ left, top: top + 4, width, height }, INK);
  // Halves in black and white, as on a map.
  canvas.fill(
    { left: left + Math.round(width / 2), top: top + 5, width: Math.floor(width / 2) - 1, height: height - 2 },
    PAPER,
  );
  canvas.text(metresText(metres), [left + width + 8, top + 1], { color: INK, size: 2 });
}

/** An arrow to true north in the upper right corner of a map. */
export function drawNorthArrow(canvas: Canvas, { left, top, width }: Rectangle, north: number): void {
  const [x, y] = [left + width - 24, top + 32];
  const turned = (across: number, up: number): Point => [
    x + across * Math.cos(north) + up * Math.sin(north),
    y + across * Math.sin(north) - up * Math.cos(north),
  ];
  canvas.fill({ left: x - 14, top: y - 26, width: 28, height: 56 }, PAPER);
  canvas.frame({ left: x - 14, top: y - 26, width: 28, height: 56 }, INK);
  canvas.polygon([turned(0, 20), turned(9, -8), turned(0, -2), turned(-9, -8)], INK);
  canvas.text("N", [x - textWidth("N", 2) / 2, y + 12], { color: INK, size: 2 });
}
