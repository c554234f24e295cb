import proj4 from "proj4";

/**
 * Turns places of one system into those of another, both as proj4 strings: [x, y], longitude first. NaN for what has no place
 * there. Loaded with its importer: 30 KB that every reader of a raster needs, and a projection cannot wait.
 */
export function createProjector(source: string, target: string): (x: number, y: number) => readonly [number, number] {
  const converter = proj4(source, target);
  return (x, y) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN]; // it throws for them
    const [toX = Number.NaN, toY = Number.NaN] = converter.forward([x, y]);
    return Number.isFinite(toX) && Number.isFinite(toY) ? [toX, toY] : [Number.NaN, Number.NaN];
  };
}
