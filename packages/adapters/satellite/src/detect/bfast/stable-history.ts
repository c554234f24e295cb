import type { RecursiveFit } from "./recursive-fit.ts";

/** Clear observations of a pixel's history: places in `rows` and values, oldest first. */
export interface HistoryObservations {
  readonly count: number;
  readonly offsets: Int32Array;
  readonly values: Float64Array;
}

/**
 * Where the stable part of a history begins (reverse-ordered CUSUM; Pesaran and Timmermann 2002): going back from its end,
 * the observation after the one at which the sum of recursive residuals leaves its boundary. `sums` is scratch.
 */
export function stableFrom(
  { count, offsets, values }: HistoryObservations,
  fit: RecursiveFit,
  {
    rows,
    size,
    critical,
    sums,
  }: {
    readonly rows: Float64Array;
    readonly size: number;
    readonly critical: number;
    readonly sums: Float64Array;
  },
): number {
  const steps = count - size;
  fit.reset();
  let total = 0;
  let squares = 0;
  for (let back = 0; back < count; back++) {
    const place = count - 1 - back;
    const residual = fit.add(rows, offsets[place] ?? 0, values[place] ?? 0);
    if (back < size) continue;
    total += residual;
    squares += residual * residual;
    sums[back - size] = total;
  }
  const spread = Math.sqrt((squares - (total * total) / steps) / (steps - 1)) * Math.sqrt(steps);
  for (let step = 0; step < steps; step++) {
    const boundary = critical * (1 + (2 * (step + 1)) / steps);
    if (Math.abs(sums[step] ?? 0) > boundary * spread) return steps - step;
  }
  return 0;
}
