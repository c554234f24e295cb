import { type CodecContext, pixels as pixelsModality } from "@stargate/kernel";
import type { Projection } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import type { Feature } from "../modalities/features/features-schema.ts";
import type { MapImage } from "../modalities/map-image/map-image.ts";
import { fail } from "../satellite-errors.ts";
import { type Canvas, type Color, createCanvas, fittedText, type Rectangle, textHeight } from "./canvas.ts";
import { drawNorthArrow, drawScaleBar } from "./draw-furniture.ts";
import { drawLayer, observedPixels } from "./draw-layer.ts";
import { drawOutlines } from "./draw-outlines.ts";
import { groundOf } from "./ground.ts";
import { drawLegend, LEGEND_ROW_PIXELS, legendOf, legendRows } from "./legend.ts";
import type { MapLayer } from "./map-layer.ts";
import { trueColourStretch } from "./true-colour-stretch.ts";

export interface MapPanel {
  /** Stands above it: "2017-06-20". */
  readonly title: string;
  readonly layer: MapLayer;
}

export interface DrawMapOptions {
  /** North-up grid of the layers. */
  readonly grid: Grid;
  /** `projectionBetween(grid.crs, "EPSG:4326")` and the way back. */
  readonly toLonLat: Projection;
  readonly fromLonLat: Projection;
  readonly title: string;
  /** One picture, or before and after side by side. */
  readonly panels: readonly [MapPanel] | readonly [MapPanel, MapPanel];
  /** Places whose outlines are drawn over every panel. */
  readonly features?: readonly Feature[];
  /** "Contains modified Copernicus Sentinel data 2017": what the licence of the data asks for. */
  readonly credit?: string;
  /** Longer side of one panel. Default 640; small grids are enlarged, large ones averaged. */
  readonly panelPixels?: number;
}

const MARGIN = 16;
const PANEL_GAP = 12;
const TITLE_SIZE = 3;
const TEXT_SIZE = 2;
const INK: Color = [34, 34, 34];
const SOFT: Color = [110, 110, 110];
const PAPER: Color = [255, 255, 255];
/** Least width of a whole map: below it neither title nor legend can be read. */
const MIN_WIDTH = 360;

/**
 * Draws a map: one picture or two of the same place, outlines of alerts, a legend of everything on it, a scale bar of the
 * right length for its latitude, and an arrow to true north. What was not observed is hatched, never coloured.
 * Throws SG_SATELLITE_GRID when the grid is turned or a layer is of another size.
 */
export async function drawMap(options: DrawMapOptions, context: CodecContext): Promise<MapImage> {
  const { grid, toLonLat, title, panels, features = [], credit, panelPixels = 640 } = options;
  checkLayers(options);
  const ground = groundOf(grid, toLonLat);
  const [groundWidth, groundHeight] = [
    grid.widthPixels * ground.pixelWidthMetres,
    grid.heightPixels * ground.pixelHeightMetres,
  ];
  const metresPerPixel = Math.max(groundWidth, groundHeight) / panelPixels;
  const width = Math.max(1, Math.round(groundWidth / metresPerPixel));
  const height = Math.max(1, Math.round(groundHeight / metresPerPixel));
  const layers = panels.map(({ layer }) => layer);
  const mapWidth = Math.max(MIN_WIDTH, panels.length * width + (panels.length - 1) * PANEL_GAP);
  const legend = legendOf(layers, features);
  const rows = legendRows(legend, mapWidth);
  const panelTop = MARGIN + textHeight(TITLE_SIZE) + 8 + textHeight(TEXT_SIZE) + 4;
  const legendTop = panelTop + height + 12 + LEGEND_ROW_PIXELS;
  const creditTop = legendTop + rows.length * LEGEND_ROW_PIXELS;
  const canvas = createCanvas(
    mapWidth + 2 * MARGIN,
    creditTop + (credit === undefined ? 0 : textHeight(TEXT_SIZE) + 4) + MARGIN - 8,
    PAPER,
  );
  canvas.text(fittedText(title, TITLE_SIZE, mapWidth), [MARGIN, MARGIN], { color: INK, size: TITLE_SIZE });
  const stretch = trueColourStretch(layers.filter((layer) => layer.kind === "true-colour"));
  for (const [index, { title: panelTitle, layer }] of panels.entries()) {
    const rectangle = { left: MARGIN + index * (width + PANEL_GAP), top: panelTop, width, height };
    const at = [rectangle.left, panelTop - textHeight(TEXT_SIZE) - 2] as const;
    canvas.text(fittedText(panelTitle, TEXT_SIZE, width), at, { color: SOFT, size: TEXT_SIZE });
    drawLayer(canvas, layer, rectangle, { ...grid, stretch });
    drawOutlines(canvas, features, rectangle, options);
    drawFrame(canvas, rectangle);
  }
  drawNorthArrow(
    canvas,
    { left: MARGIN + (panels.length - 1) * (width + PANEL_GAP), top: panelTop, width, height },
    ground.north,
  );
  drawScaleBar(canvas, [MARGIN, panelTop + height + 12], { metresPerPixel, mapWidth: width });
  drawLegend(canvas, rows, [MARGIN, legendTop]);
  if (credit !== undefined) {
    canvas.text(fittedText(credit, TEXT_SIZE, mapWidth), [MARGIN, creditTop], { color: SOFT, size: TEXT_SIZE });
  }
  return {
    png: await encodePng(canvas, context),
    widthPixels: canvas.pixels.widthPixels,
    heightPixels: canvas.pixels.heightPixels,
    bounds: ground.bounds,
    title,
    legend: legend.map(({ label, color }) => ({ label, color })),
    observedPixels: layers.reduce((sum, layer) => sum + observedPixels(layer), 0),
  };
}

function drawFrame(canvas: Canvas, { left, top, width, height }: Rectangle): void {
  canvas.frame({ left: left - 1, top: top - 1, width: width + 2, height: height + 2 }, INK);
}

async function encodePng(canvas: Canvas, context: CodecContext): Promise<Blob> {
  const png = await pixelsModality.codecs["image/png"]?.encode?.(canvas.pixels, context);
  return png instanceof Blob ? png : await new Response(png ?? null).blob();
}

function checkLayers({ grid, panels }: DrawMapOptions): void {
  const [a, b, , d, e] = grid.affine;
  if (b !== 0 || d !== 0 || a <= 0 || e >= 0) {
    throw fail("SG_SATELLITE_GRID", "The grid of the map is turned or mirrored; a map needs one with north up");
  }
  const size = grid.widthPixels * grid.heightPixels;
  for (const { title, layer } of panels) {
    const bands = layer.kind === "true-colour" ? [layer.red, layer.green, layer.blue] : [layer.values];
    const odd = bands.find(({ length }) => length !== size);
    if (odd === undefined) continue;
    throw fail("SG_SATELLITE_GRID", `The picture "${title}" has ${odd.length} pixels; the grid has ${size}`);
  }
}
