import { readFileSync } from "node:fs";
import { type CcdcObservations, qualityOfArdBits } from "./ccdc-observations.ts";

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

const ARD_BANDS = ["blues", "greens", "reds", "nirs", "swir1s", "swir2s", "thermals"];

/**
 * A pixel of Landsat ARD that numpy has pickled: arrays of 16-bit numbers as text in Latin-1, and a list of ordinals. Only
 * what these files hold is understood: names and texts (X, length, UTF-8) and whole numbers (J).
 */
export function readArdPixel(path: string): CcdcObservations {
  const bytes = readFileSync(path);
  const after = (name: string): number => {
    const mark = Buffer.concat([Buffer.from([0x58, name.length, 0, 0, 0]), Buffer.from(name)]);
    return bytes.indexOf(mark) + mark.length;
  };
  const numbers = (name: string): Buffer => {
    // What follows the reference to the codec (h 3) is the text of the array.
    const at = bytes.indexOf(Buffer.from([0x68, 3, 0x58]), after(name)) + 2;
    const text = bytes.toString("utf8", at + 5, at + 5 + bytes.readUInt32LE(at + 1));
    return Buffer.from(text, "latin1");
  };
  const bits = numbers("qas");
  const count = bits.length / 2;
  const days = new Float64Array(count);
  let at = after("dates");
  for (let date = 0; date < count;) {
    if (bytes[at] !== 0x4a) at++;
    else {
      days[date++] = bytes.readInt32LE(at + 1) - ORDINAL_OF_1970;
      at += 5;
    }
  }
  const bands = ARD_BANDS.map((name) => {
    const own = numbers(name);
    return days.map((_, date) => own.readInt16LE(2 * date));
  });
  return { days, bands, quality: qualityOfArdBits(Array.from(days, (_, date) => bits.readUInt16LE(2 * date))) };
}
