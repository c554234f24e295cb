/**
 * What was observed of some pixels over time: what detectors read. Pixel-major, so that the series of one pixel lies
 * together: `values[pixel * days.length + date]`.
 */
export interface PixelSeries {
  /** Days since 1970-01-01 (UTC, with fraction), ascending, no two equal. */
  readonly days: Float64Array;
  /** Index values; NaN where the pixel was not observed (cloud, no data, outside the scene). */
  readonly values: Float32Array;
  readonly pixels: number;
}
