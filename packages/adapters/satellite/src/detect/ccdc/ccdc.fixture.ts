import { readFileSync } from "node:fs";
import type { CcdcObservations } from "./ccdc-observations.ts";

/** Days between year 1 of the proleptic calendar, as Python counts them, and 1970-01-01. */
const ORDINAL_OF_1970 = 719_163;

/** Rows of numbers of a file. */
export function readRows(path: string): number[][] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => line.split(",").map(Number));
}

/** A pixel as the LCMAP project keeps it: ordinal, seven bands, class of quality. */
export function readPixel(path: string): CcdcObservations {
  return pixelOf(readRows(path));
}

/** The same of rows. */
export function pixelOf(rows: readonly (readonly number[])[]): CcdcObservations {
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index] ?? NaN);
  return {
    days: column(0).map((ordinal) => ordinal - ORDINAL_OF_1970),
    bands: [1, 2, 3, 4, 5, 6, 7].map(column),
    quality: Uint8Array.from(rows, (row) => row[8] ?? 255),
  };
}
