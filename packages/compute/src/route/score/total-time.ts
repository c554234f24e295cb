import { normalCdf } from "./normal.ts";

/** Mean of the whole time of a call, and the log-normal distribution that has its first two moments. */
export interface TotalTime {
  readonly meanMs: number;
  readonly serviceMs: number;
  readonly logMean: number;
  readonly logDeviation: number;
}

/** Wait and service together. `logMean`, `logVariance`: of the service time, which is log-normal. */
export function totalTime(parts: {
  readonly waitMs: number;
  readonly waitVariance: number;
  readonly coldMs: number;
  readonly logMean: number;
  readonly logVariance: number;
}): TotalTime {
  const serviceMs = Math.exp(parts.logMean + parts.logVariance / 2);
  const serviceVariance = Math.expm1(parts.logVariance) * serviceMs * serviceMs;
  const meanMs = parts.waitMs + parts.coldMs + serviceMs;
  const logVariance = Math.log1p((parts.waitVariance + serviceVariance) / (meanMs * meanMs));
  return { meanMs, serviceMs, logMean: Math.log(meanMs) - logVariance / 2, logDeviation: Math.sqrt(logVariance) };
}

export function probabilityWithin(limitMs: number, total: TotalTime): number {
  if (limitMs === Number.POSITIVE_INFINITY) return 1;
  if (limitMs <= 0) return 0;
  return normalCdf((Math.log(limitMs) - total.logMean) / Math.max(1e-6, total.logDeviation));
}

/** 95 of 100 standard normal values are below it. */
const NORMAL_P95 = 1.6449;

/** In 95 of 100 cases it is over by then. */
export function p95Of(total: TotalTime): number {
  return Math.exp(total.logMean + NORMAL_P95 * total.logDeviation);
}
