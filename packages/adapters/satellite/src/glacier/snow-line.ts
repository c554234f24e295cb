import { round } from "../alerts/statistics.ts";
import { snowStates } from "./snow-states.ts";

/** How far snow lines from pictures lie from those in the field (doi:10.3390/rs14102377): no result is better than that. */
const LITERATURE_METRES = 24;

/** Fewest clear pixels that an elevation bin needs to say something. */
const MIN_BIN_PIXELS = 20;

export interface SnowLineOptions {
  /** Height of each pixel in metres; NaN where it is not known. */
  readonly elevations: Float32Array;
  /** Not 0 for pixels that are asked about; all when absent. */
  readonly inside?: Uint8Array;
  /** Height of a bin, metres. Default 20. */
  readonly binMetres?: number;
}

export type SnowLine =
  | {
      readonly altitudeMetres: number;
      /** Half of the height over which the share of snow goes from a quarter to three quarters, 24 m at least. */
      readonly uncertaintyMetres: number;
      /** Clear pixels with a known height, and all that are asked about. */
      readonly observedPixels: number;
      readonly pixels: number;
    }
  | {
      readonly altitudeMetres: null;
      /** Why there is none: snow below the lowest or no snow at the highest place that was seen, or too little was seen. */
      readonly reason: "all-snow" | "no-snow" | "too-few-observed";
      readonly observedPixels: number;
      readonly pixels: number;
    };

/**
 * Altitude at which half of the ground is under snow. Shares of snow by elevation bin are made to ascend (isotonic
 * regression, Barlow et al. 1972), so that a rock face or a late patch makes no second line; between bins it is interpolated.
 */
export function snowLine(states: Uint8Array, { elevations, inside, binMetres = 20 }: SnowLineOptions): SnowLine {
  const bins = new Map<number, { snow: number; clear: number }>();
  let [observedPixels, pixels] = [0, 0];
  for (let pixel = 0; pixel < states.length; pixel++) {
    if (inside?.[pixel] === 0) continue;
    pixels += 1;
    const elevation = elevations[pixel] ?? Number.NaN;
    const state = states[pixel];
    if (state === snowStates.unobserved || Number.isNaN(elevation)) continue;
    observedPixels += 1;
    const bin = Math.floor(elevation / binMetres);
    const sums = bins.get(bin) ?? { snow: 0, clear: 0 };
    bins.set(bin, { snow: sums.snow + (state === snowStates.snow ? 1 : 0), clear: sums.clear + 1 });
  }
  const usable = [...bins]
    .filter(([, { clear }]) => clear >= MIN_BIN_PIXELS)
    .toSorted(([a], [b]) => a - b)
    .map(([bin, { snow, clear }]) => ({ altitude: (bin + 0.5) * binMetres, share: snow / clear, weight: clear }));
  const counts = { observedPixels, pixels };
  const shares = ascending(usable);
  const [first, last] = [shares[0], shares.at(-1)];
  if (first === undefined || last === undefined) return { altitudeMetres: null, reason: "too-few-observed", ...counts };
  if (first.share >= 0.5) return { altitudeMetres: null, reason: "all-snow", ...counts };
  if (last.share < 0.5) return { altitudeMetres: null, reason: "no-snow", ...counts };
  const spread = (altitudeAt(shares, 0.75) - altitudeAt(shares, 0.25)) / 2;
  return {
    altitudeMetres: round(altitudeAt(shares, 0.5), 1),
    uncertaintyMetres: round(Math.max(LITERATURE_METRES, spread), 1),
    ...counts,
  };
}

interface Bin {
  readonly altitude: number;
  readonly share: number;
  readonly weight: number;
}

/** Shares that never fall with altitude, nearest to the measured ones: neighbours that violate are pooled. */
function ascending(bins: readonly Bin[]): readonly Bin[] {
  const pools: { bins: Bin[]; share: number; weight: number }[] = [];
  for (const bin of bins) {
    let pool = { bins: [bin], share: bin.share, weight: bin.weight };
    for (let below = pools.at(-1); below !== undefined && below.share > pool.share; below = pools.at(-1)) {
      pools.pop();
      const weight = below.weight + pool.weight;
      const share = (below.share * below.weight + pool.share * pool.weight) / weight;
      pool = { bins: [...below.bins, ...pool.bins], share, weight };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ bins: members, share }) => members.map((bin) => ({ ...bin, share })));
}

/** Altitude at which ascending shares reach a value; the ends where they never do. */
function altitudeAt(bins: readonly Bin[], share: number): number {
  const above = bins.findIndex((bin) => bin.share >= share);
  const upper = bins[above];
  if (upper === undefined) return bins.at(-1)?.altitude ?? Number.NaN;
  const lower = bins[above - 1];
  if (lower === undefined) return upper.altitude;
  return lower.altitude + ((share - lower.share) / (upper.share - lower.share)) * (upper.altitude - lower.altitude);
}
