import { hectaresOf } from "../area/geodesic-area.ts";
import type { Polygonal } from "../modalities/features/features-schema.ts";
import { labelComponents } from "./label-components.ts";
import { outlineGeometry, type OutlineGeometryOptions } from "./outline-geometry.ts";
import { traceOutlines } from "./trace-outlines.ts";

/** Pixels that hang together, and their outline. */
export interface ConnectedPlace {
  /** Pixels of the grid, ascending. */
  readonly pixels: readonly number[];
  readonly geometry: Polygonal;
  /** Of the exact outline, whatever has been left out of the geometry. */
  readonly hectares: number;
}

export interface ConnectedPlacesOptions extends OutlineGeometryOptions {
  /** Whether pixels that touch with a corner hang together (8) or not (4). */
  readonly connectivity: 4 | 8;
  /** Smaller places are left out. */
  readonly minimumHectares: number;
}

/** Places made of the pixels that are not 0, in the order of their first pixels; every pixel in one place. */
export function connectedPlaces(inside: Uint8Array, options: ConnectedPlacesOptions): readonly ConnectedPlace[] {
  const { connectivity, minimumHectares, simplifyPixels } = options;
  const { widthPixels } = options.grid;
  const { labels, count } = labelComponents(inside, { widthPixels, connectivity });
  // Outlines are made of parts that hang together over edges; those of one place are its polygons.
  const parts = connectivity === 4 ? { labels, count } : labelComponents(inside, { widthPixels, connectivity: 4 });
  const outlines = traceOutlines(parts.labels, parts.count, widthPixels);
  const found = Array.from({ length: count }, () => ({ pixels: [] as number[], parts: [] as number[] }));
  let highestPart = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] ?? 0;
    if (label === 0) continue;
    const place = found[label - 1];
    if (place === undefined) continue;
    place.pixels.push(pixel);
    const part = parts.labels[pixel] ?? 0;
    if (part <= highestPart) continue; // parts are numbered in the order of their first pixels
    highestPart = part;
    place.parts.push(part);
  }
  return found.flatMap((place) => {
    const own = place.parts.flatMap((part) => outlines[part - 1] ?? []);
    const exact = outlineGeometry(own, { ...options, simplifyPixels: 0 });
    const hectares = hectaresOf(exact);
    if (hectares < minimumHectares) return [];
    return [{ pixels: place.pixels, geometry: simplifyPixels === 0 ? exact : outlineGeometry(own, options), hectares }];
  });
}
