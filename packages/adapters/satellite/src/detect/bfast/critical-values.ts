import type { BfastOptions } from "./bfast-options.ts";

/**
 * Boundaries that a stable process crosses with the probability of the level. `cusum`: recursive CUSUM (Brown, Durbin and
 * Evans 1975). `mosum`: moving sums of residuals watched up to ten times the history, by bandwidth, simulated by
 * Leisch, Hornik and Kuan (2000); the numbers of the R package `strucchange`.
 */
export const criticalValues = {
  0.05: { cusum: 0.94789823, mosum: { 0.25: 1.34182451, 0.5: 1.90200318, 1: 2.74592761 } },
  0.01: { cusum: 1.14297357, mosum: { 0.25: 1.52164497, 0.5: 2.20907283, 1: 3.27693246 } },
  0.001: { cusum: 1.37392547, mosum: { 0.25: 1.74550949, 0.5: 2.5702553, 1: 3.94102916 } },
} as const satisfies Record<
  BfastOptions["level"],
  { readonly cusum: number; readonly mosum: Record<BfastOptions["bandwidth"], number> }
>;
