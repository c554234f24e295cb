import type { Raster } from "../modalities/raster/raster-schema.ts";
import type { Reading } from "./radiometry-decision.ts";

/** What metadata say about the offset, put together. */
export interface Claims {
  /** Offset that all statements agree on; undefined when they contradict each other or say nothing. */
  readonly offset: number | undefined;
  /** Whether what they say has never been seen to be wrong. */
  readonly isStrong: boolean;
  readonly scale: number | undefined;
  readonly basis: readonly string[];
}

/** First day with an offset. */
const OFFSET_SINCE = Date.parse("2022-01-25T00:00:00Z");

/** Scale and offset of a band, of file and catalogue. */
export interface StatedReading {
  readonly band: string;
  readonly scale: number | undefined;
  readonly offset: number | undefined;
}

/**
 * Collects every statement about scale and offset: of the bands, of the processing baseline, of the catalogue's flag. Three of
 * four public catalogues have been wrong in one of them.
 */
export function collectClaims(raster: Raster, stated: readonly StatedReading[]): Claims {
  const scales = distinct(stated.map(({ scale }) => scale));
  const offsets = distinct(stated.map(({ offset }) => offset));
  const basis = [
    ...(scales.length === 0 && offsets.length === 0 ? ["bands state neither scale nor offset"] : []),
    ...(scales.length > 0 ? [`bands state scale ${scales.join(" and ")}`] : []),
    ...(offsets.length > 0 ? [`bands state offset ${offsets.join(" and ")}`] : []),
  ];
  const scale = scales.length === 1 ? scales[0] : undefined;
  if (raster.product === "sentinel-2-l2a") return sentinelClaims(raster, { scale, offsets, basis });
  const own = { "landsat-c2-l2": -0.2, "landsat-ard": 0, hls: 0, other: undefined }[raster.product];
  const said = [...offsets, ...(own === undefined ? [] : [own])];
  const agreed = distinct(said);
  return {
    scale,
    offset: agreed.length === 1 ? agreed[0] : undefined,
    isStrong: own !== undefined && agreed.length === 1 && scales.length <= 1,
    basis: [...basis, ...(own === undefined ? [] : [`product ${raster.product} has offset ${own}`])],
  };
}

function sentinelClaims(
  { processing = {}, acquiredAt }: Raster,
  { scale, offsets, basis }: { scale: number | undefined; offsets: readonly number[]; basis: string[] },
): Claims {
  const { baseline, boaOffsetApplied } = processing;
  const number = baseline === undefined ? Number.NaN : Number(baseline);
  const isOld = number < 4;
  const votes: number[] = [];
  if (!Number.isNaN(number)) {
    basis.push(`processing baseline ${baseline}: ${isOld ? "no offset was added" : "an offset of 1000 was added"}`);
    if (isOld) votes.push(0);
    else if (boaOffsetApplied !== true) votes.push(-0.1);
  }
  if (boaOffsetApplied !== undefined)
    basis.push(`the catalogue says that the offset ${boaOffsetApplied ? "was" : "was not"} taken off again`);
  if (boaOffsetApplied === true) votes.push(0);
  votes.push(...offsets);
  const agreed = distinct(votes);
  // No catalogue is known to have got the years before the offset wrong.
  const isBefore = acquiredAt !== undefined && Date.parse(acquiredAt) < OFFSET_SINCE;
  return {
    scale,
    offset: agreed.length === 1 ? agreed[0] : undefined,
    isStrong: isOld && isBefore && agreed.length === 1,
    basis,
  };
}

function distinct(values: readonly (number | undefined)[]): readonly number[] {
  const found: number[] = [];
  for (const value of values)
    if (value !== undefined && found.every((other) => Math.abs(other - value) > 1e-6 * Math.max(1e-3, Math.abs(other))))
      found.push(value);
  return found;
}

/** Whether a reading has the offset that metadata claim. */
export function isClaimed({ offset }: Claims, reading: Reading): boolean {
  return offset !== undefined && Math.abs(reading.offset - offset) < 1e-4;
}
