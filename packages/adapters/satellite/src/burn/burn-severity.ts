import type { Table } from "@stargate/kernel";
import { connectedPlaces } from "../alerts/connected-places.ts";
import { median, round } from "../alerts/statistics.ts";
import { pixelHectares } from "../area/pixel-hectares.ts";
import type { Projection } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import type { Features } from "../modalities/features/features-schema.ts";
import { fail } from "../satellite-errors.ts";
import { classifySeverity, severityClasses, UNOBSERVED } from "./severity-classes.ts";

export interface BurnOptions {
  readonly grid: Grid;
  /** `projectionBetween(grid.crs, "EPSG:4326")`. */
  readonly toLonLat: Projection;
  /** Not 0 for pixels that are asked about; all when absent. */
  readonly inside?: Uint8Array;
  /**
   * dNBR of places that did not burn, taken off everywhere: what the season did (Key and Benson's offset). Default 0.
   */
  readonly seasonOffset?: number;
  /** Smallest burned place that is listed, hectares. Default 0. Hectares by class count all pixels. */
  readonly minimumHectares?: number;
}

export interface BurnResult {
  /** Normalised burn ratio before minus after, NaN where one of them is unknown. */
  readonly dnbr: Float32Array<ArrayBuffer>;
  /** Relative to what was there: dNBR / sqrt(|NBR before|) (Miller and Thode 2007, doi:10.1016/j.rse.2006.12.006). */
  readonly rdnbr: Float32Array<ArrayBuffer>;
  /** Numbers of `severityClasses`; 255 unobserved. */
  readonly classes: Uint8Array<ArrayBuffer>;
  /** class, hectares, pixels: one row for each class, and one for what was not observed. */
  readonly hectares: Table;
  /** Burned places with hectares by class, in the order of their first pixels. */
  readonly places: Features;
}

/**
 * How badly places burned, from the normalised burn ratio before and after a fire (`medianComposite` of each time).
 * Clouds are no unburned land: what was not observed both times has a class and a row of its own.
 * Throws SG_SATELLITE_SERIES when the sizes do not fit together.
 */
export function burnSeverity(before: Float32Array, after: Float32Array, options: BurnOptions): BurnResult {
  const { grid, toLonLat, inside, seasonOffset = 0, minimumHectares = 0 } = options;
  const size = grid.widthPixels * grid.heightPixels;
  if (before.length !== size || after.length !== size || (inside !== undefined && inside.length !== size)) {
    throw fail(
      "SG_SATELLITE_SERIES",
      `Before has ${before.length} pixels, after ${after.length}; the grid has ${size}`,
    );
  }
  const dnbr = new Float32Array(size).fill(Number.NaN);
  const rdnbr = new Float32Array(size).fill(Number.NaN);
  for (let pixel = 0; pixel < size; pixel++) {
    if (inside?.[pixel] === 0) continue;
    const reference = before[pixel] ?? Number.NaN;
    const difference = reference - (after[pixel] ?? Number.NaN) - seasonOffset;
    dnbr[pixel] = difference;
    rdnbr[pixel] = reference === 0 ? Number.NaN : difference / Math.sqrt(Math.abs(reference));
  }
  const classes = classifySeverity(dnbr);
  const sizes = pixelHectares(grid, toLonLat);
  const burned = classes.map((severity) => (severity === UNOBSERVED || severity === 0 ? 0 : 1));
  const found = connectedPlaces(burned, { grid, toLonLat, connectivity: 8, minimumHectares, simplifyPixels: 0 });
  return {
    dnbr,
    rdnbr,
    classes,
    hectares: hectaresByClass(classes, sizes, inside),
    places: {
      type: "FeatureCollection",
      features: found.map(({ pixels, geometry, hectares }, index) => ({
        type: "Feature",
        id: `burn-${index + 1}`,
        geometry,
        properties: {
          kind: "burn",
          areaHectares: round(hectares, 6),
          pixels: pixels.length,
          medianDnbr: round(median(pixels.map((pixel) => dnbr[pixel] ?? Number.NaN)) ?? Number.NaN, 4),
          hectaresByClass: Object.fromEntries(
            severityClasses.slice(1).map(({ name }, severity) => {
              const own = pixels.filter((pixel) => classes[pixel] === severity + 1);
              return [
                name,
                round(
                  own.reduce((sum, pixel) => sum + (sizes[pixel] ?? 0), 0),
                  6,
                ),
              ];
            }),
          ),
        },
      })),
    },
  };
}

function hectaresByClass(classes: Uint8Array, sizes: Float64Array, inside: Uint8Array | undefined): Table {
  const rows = [
    ...severityClasses.map(({ name }, severity) => ({ name, severity })),
    { name: "unobserved", severity: UNOBSERVED },
  ];
  return {
    columns: ["class", "hectares", "pixels"],
    rows: rows.map(({ name, severity }) => {
      let [hectares, pixels] = [0, 0];
      for (let pixel = 0; pixel < classes.length; pixel++) {
        if (classes[pixel] !== severity || inside?.[pixel] === 0) continue;
        hectares += sizes[pixel] ?? 0;
        pixels += 1;
      }
      return [name, round(hectares, 4), pixels];
    }),
  };
}
