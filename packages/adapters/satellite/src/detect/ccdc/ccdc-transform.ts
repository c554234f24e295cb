import { defineTransform, type Table, table } from "@stargate/kernel";
import { dateOfDay, dayOfDate } from "../../series/dates.ts";
import { fail } from "../../satellite-errors.ts";
import { detectCcdc } from "./ccdc.ts";
import { type CcdcObservations, ccdcBands, qualityOfArdBits } from "./ccdc-observations.ts";
import { ccdcOptionsSchema } from "./ccdc-options.ts";
import type { CcdcSegment } from "./ccdc-segment.ts";

const columns = ["date", ...ccdcBands, "pixelqa"] as const;

/**
 * The history of one Landsat pixel: a table of its observations (date, seven bands, the bits of Landsat ARD) to a table of the
 * stretches of time in which it kept to one seasonal curve, and of the breaks between them.
 */
export const pixelHistoryTransform = defineTransform({
  id: "satellite.pixel-history",
  version: "1.0.0",
  summary: "The history of one Landsat pixel by CCDC: stretches of one seasonal curve, and the breaks between them",
  from: table,
  to: table,
  coverage: "whole",
  options: ccdcOptionsSchema,
  loss: { noise: 1 },
  plannable: false,
  cost: ({ rows }) => ({ ms: 5 + Number(rows ?? 500) / 20 }),
  run(input, context) {
    const { path, segments } = detectCcdc(observationsOf(input), context.options);
    context.disclose({ path, segments: segments.length });
    return { columns: outputColumns, rows: segments.map(rowOf) };
  },
});

/** Throws SG_INPUT_INVALID for a table without these columns, and for cells that are no date or number. */
function observationsOf({ columns: given, rows }: Table): CcdcObservations {
  const places = columns.map((name) => given.indexOf(name));
  const missing = columns.filter((_, index) => places[index] === -1);
  if (missing.length > 0)
    throw fail("SG_INPUT_INVALID", `The table has no column ${missing.join(", ")}`, {
      hint: `It needs ${columns.join(", ")}: reflectance x 10,000, thermal in kelvin x 10, PIXELQA of Landsat ARD.`,
    });
  const [datePlace = 0, ...numberPlaces] = places;
  const days = Float64Array.from(rows, (row, index) => {
    const day = dayOfDate(String(row[datePlace]));
    if (Number.isNaN(day)) throw fail("SG_INPUT_INVALID", `Row ${index + 1}: "${String(row[datePlace])}" is no date`);
    return day;
  });
  const numbers = numberPlaces.map((place, band) =>
    Float64Array.from(rows, (row, index) => {
      const value = row[place] === "" || row[place] === null ? Number.NaN : Number(row[place]);
      if (Number.isNaN(value))
        throw fail(
          "SG_INPUT_INVALID",
          `Row ${index + 1}: "${String(row[place])}" is no number for ${columns[band + 1] ?? ""}`,
        );
      return value;
    }),
  );
  return { days, bands: numbers.slice(0, -1), quality: qualityOfArdBits(numbers.at(-1) ?? []) };
}

const outputColumns = [
  "kind",
  "start",
  "end",
  "break",
  "changeProbability",
  "observations",
  ...ccdcBands.map((band) => `${band}Magnitude`),
  ...ccdcBands.map((band) => `${band}Coefficients`),
];

/** Coefficients of a band stand in one cell, with spaces between them: see `CcdcSegment.coefficients`. */
function rowOf(segment: CcdcSegment): (string | number | null)[] {
  const { kind, startDay, endDay, breakDay, changeProbability, observations, magnitudes, coefficients } = segment;
  return [
    kind,
    dateOfDay(startDay),
    dateOfDay(endDay),
    breakDay === null ? null : dateOfDay(breakDay),
    changeProbability,
    observations,
    ...magnitudes,
    ...coefficients.map((band) => band.join(" ")),
  ];
}
