import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "@stargate/kernel";
import { alertFeatures, alertsOf, verifyAlert } from "./alert-store.ts";
import { changesOf, degreeGrid, JULY } from "./alerts.fixture.ts";
import { findAlerts } from "./find-alerts.ts";
import { matchAlerts } from "./match-alerts.ts";
import { settledPixels } from "./settled-alerts.ts";
import { monthlyHectares } from "./monthly-hectares.ts";
import type { Alert } from "./alert-schema.ts";

const grid = degreeGrid(8, 4);
const same = (x: number, y: number) => [x, y] as const;
const observed = new Uint8Array(32).fill(1);

/** One run over a drawn picture, on top of what is known. */
function run(
  picture: string,
  batch: string,
  known: readonly Alert[] = [],
  dayOf: (pixel: number) => number = () => JULY,
  seen = observed,
): readonly Alert[] {
  const found = findAlerts([changesOf("harmonic", picture, dayOf)], {
    grid,
    toLonLat: same,
    task: "deforestation",
    batch,
    connectivity: 4,
  });
  return matchAlerts(found, known, { grid, fromLonLat: same, batch, observed: seen });
}

const verified = { by: "Ana", at: "2017-09-01T10:00:00Z", verdict: "confirmed" } as const;
const two = "cc....cc ........ ........ ........";
const grown = "cccccccc ........ ........ ........";

describe("matchAlerts", () => {
  it("keeps the id of one that has grown, its first dates and what was verified; it is known then", () => {
    const before = verifyAlert(
      run("cc...... ........ ........ ........", "b1"),
      "20170701-45.999950N-14.500050E",
      verified,
    );
    const [after, ...others] = run("ccc..... cc...... ........ ........", "b2", before, () => JULY + 10);
    expect(others).toEqual([]);
    expect(after).toMatchObject({
      id: "20170701-45.999950N-14.500050E",
      properties: {
        pixels: 5,
        firstSeen: "2017-07-01",
        confirmed: "2017-07-21",
        status: "known",
        firstBatch: "b1",
        lastBatch: "b2",
        verified,
      },
    });
  });

  it("gives merged alerts the oldest id and lists the others", () => {
    const before = run(two, "b1", [], (pixel) => (pixel > 4 ? JULY - 5 : JULY));
    const [east, west] = before.map(({ id }) => id);
    const after = run(grown, "b2", before);
    expect(after.map(({ id, properties }) => [id, properties.mergedFrom])).toEqual([[east, [west]]]);
    expect(verifyAlert(after, west!, verified)[0]?.properties.verified).toEqual(verified);
  });

  it("leaves the id with the largest part of one that fell apart; the other part says so and is no news", () => {
    const before = run(grown, "b1");
    const after = run("cc.ccccc ........ ........ ........", "b2", before);
    expect(
      after.map(({ id, properties }) => [
        properties.pixels,
        id === before[0]?.id,
        properties.splitFrom,
        properties.status,
      ]),
    ).toEqual(
      expect.arrayContaining([
        [5, true, null, "known"],
        [2, false, before[0]?.id, "known"],
      ]),
    );
    expect(new Set(after.map(({ id }) => id)).size).toBe(2);
  });

  it("keeps one that is not seen any more, and knows the difference to one it could not look at", () => {
    const before = run(two, "b1");
    const eastHidden = observed.map((_, pixel) => (pixel % 8 < 4 ? 1 : 0));
    const after = run("........ ........ ........ ........", "b2", before, undefined, eastHidden);
    expect(after.map(({ properties }) => [properties.current, properties.status])).toEqual([
      [false, "known"],
      [true, "known"],
    ]);
  });

  it("leaves settled alerts alone: what happens beside them years later is new, and no hectare counts again", () => {
    const before = run("cccc.... cccc.... ........ ........", "b1");
    const watchedFrom = "2018-07-01";
    const later = (known: readonly Alert[]): readonly Alert[] => {
      const exclude = settledPixels(known, watchedFrom, { grid, fromLonLat: same });
      const seen = changesOf("harmonic", "...ccccc ........ ........ ........", () => JULY + 400);
      const found = findAlerts([seen], { grid, toLonLat: same, task: "deforestation", batch: "b2", exclude });
      return matchAlerts(found, known, { grid, fromLonLat: same, batch: "b2", observed, watchedFrom });
    };
    const after = later(before);
    expect(after.map(({ properties }) => [properties.firstSeen, properties.pixels, properties.current])).toEqual([
      ["2017-07-01", 8, true],
      ["2018-08-05", 4, true],
    ]);
    expect(later(after)).toEqual(after);
    expect(monthlyHectares(after).rows.map(([month]) => month)).toContain("2017-07");
    // A suspicion is never settled: a later run says what became of it.
    const suspected = run("ssss.... ........ ........ ........", "b1");
    expect(later(suspected).map(({ properties }) => properties.pixels)).toEqual([5]);
  });

  it("refuses known alerts that reach over the edge of this run", () => {
    const before = run(grown, "b1");
    const narrow = { grid: degreeGrid(4, 4), fromLonLat: same, batch: "b2", observed: new Uint8Array(16) };
    const found = findAlerts([changesOf("harmonic", "cccc .... .... ....")], { ...narrow, toLonLat: same, task: "t" });
    expect(() => matchAlerts(found, before, narrow)).toThrow(/reaches beyond the area of this run/);
  });

  const pictures = fc
    .array(fc.constantFrom(".", ".", "s", "c"), { minLength: 32, maxLength: 32 })
    .map((states) => states.join(""));

  it("changes nothing when a run is repeated", () => {
    fc.assert(
      fc.property(pictures, pictures, (first, second) => {
        const once = run(second, "b2", run(first, "b1"), (pixel) => JULY + (pixel % 3));
        const stored = alertsOf(JSON.parse(JSON.stringify(alertFeatures(once))));
        const again = run(second, "b2", stored, (pixel) => JULY + (pixel % 3));
        expect(JSON.stringify(alertFeatures(again))).toBe(JSON.stringify(alertFeatures(once)));
      }),
      { numRuns: 300 },
    );
  });

  it("never counts a pixel twice, whatever came before", () => {
    fc.assert(
      fc.property(pictures, pictures, (first, second) => {
        const after = run(second, "b2", run(first, "b1"));
        const pixels = after.filter(({ properties }) => properties.lastBatch === "b2");
        const changed = second.split("").filter((state) => state !== ".").length;
        expect(pixels.reduce((sum, { properties }) => sum + properties.pixels, 0)).toBe(changed);
        expect(new Set(after.map(({ id }) => id)).size).toBe(after.length);
      }),
      { numRuns: 300 },
    );
  });

  it("does not rename alerts when others appear elsewhere", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[.sc]{24}$/), fc.stringMatching(/^[.sc]{8}$/), (rest, row) => {
        // The third row stays empty, so that nothing above and below it hangs together.
        const alone = run(`${rest.slice(0, 16)}........ ........`, "b1").map(({ id }) => id);
        const together = run(`${rest.slice(0, 16)}........${row}`, "b1").map(({ id }) => id);
        expect(together).toEqual(expect.arrayContaining(alone));
      }),
      { numRuns: 200 },
    );
  });
});

describe("alert store", () => {
  const problem = (call: () => unknown): string => {
    try {
      call();
    } catch (error) {
      return isStargateError(error) ? `${error.code}: ${error.message}` : String(error);
    }
    return "no error";
  };

  it("refuses what is no alert, and one that is there twice", () => {
    const [alert] = run(two, "b1");
    expect(problem(() => alertsOf({ type: "FeatureCollection", features: [alert!, alert!] }))).toMatch(
      /^SG_INPUT_INVALID: Alert .* is there twice/,
    );
    const point = { type: "Feature", geometry: { type: "Point", coordinates: [1, 2] }, properties: {} } as const;
    expect(problem(() => alertsOf({ type: "FeatureCollection", features: [point] }))).toMatch(
      /^SG_INPUT_INVALID: Feature 1 is no alert/,
    );
    expect(problem(() => verifyAlert([alert!], "2017", verified))).toMatch(/There is no alert "2017"/);
  });
});

describe("monthly hectares", () => {
  it("count every pixel in the month of its first change, without gaps and without what was rejected", () => {
    const alerts = run("ccs..... ........ cccc.... ........", "b1", [], (pixel) => (pixel < 8 ? JULY : JULY + 70));
    const pixel = alerts[0]!.properties.areaHectares / 3;
    const hectares = (table: ReturnType<typeof monthlyHectares>) =>
      table.rows.map(([month, confidence, sum, count]) => [month, confidence, Math.round(Number(sum) / pixel), count]);
    expect(hectares(monthlyHectares(alerts))).toEqual([
      ["2017-07", "high", 2, 1],
      ["2017-07", "low", 1, 1],
      ["2017-08", "high", 0, 0],
      ["2017-08", "low", 0, 0],
      ["2017-09", "high", 4, 1],
      ["2017-09", "low", 0, 0],
    ]);
    const rejected = verifyAlert(alerts, alerts[1]!.id, { ...verified, verdict: "rejected" });
    expect(monthlyHectares(rejected).rows.at(-1)?.[0]).toBe("2017-07");
    expect(monthlyHectares([])).toEqual({ columns: ["month", "confidence", "hectares", "alerts"], rows: [] });
  });

  it("leave out a suspicion that was not borne out", () => {
    const before = run("ss...... ........ ........ ........", "b1");
    const after = run("........ ........ ........ ........", "b2", before);
    expect([monthlyHectares(before).rows.length, monthlyHectares(after).rows.length]).toEqual([2, 0]);
  });
});
