/**
 * Classes of burn severity by dNBR (USGS FireMon, Key and Benson 2006, RMRS-GTR-164, table LA-1). The thresholds are those
 * of North American forests: elsewhere they order places, and only fieldwork says what a class means.
 */
export const severityClasses = [
  { name: "unburned", from: -Infinity },
  { name: "low", from: 0.1 },
  { name: "moderate-low", from: 0.27 },
  { name: "moderate-high", from: 0.44 },
  { name: "high", from: 0.66 },
] as const;

/** Class of a pixel that was not observed before or after. */
export const UNOBSERVED = 255;

/** Number of the class of each pixel, 255 where dNBR is NaN. */
export function classifySeverity(dnbr: Float32Array): Uint8Array<ArrayBuffer> {
  const classes = new Uint8Array(dnbr.length);
  for (let pixel = 0; pixel < dnbr.length; pixel++) {
    const value = dnbr[pixel] ?? Number.NaN;
    classes[pixel] = Number.isNaN(value) ? UNOBSERVED : classOf(value);
  }
  return classes;
}

function classOf(value: number): number {
  // Numbers of 32 bits lie beside the thresholds, which are not: 0.27 has to be 0.27.
  return severityClasses.findLastIndex(({ from }) => value >= Math.fround(from));
}
