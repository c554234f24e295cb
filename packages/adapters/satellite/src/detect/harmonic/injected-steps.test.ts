import { readFileSync } from "node:fs";
import { expect, test, type TestContext } from "vitest";
import { readNpy } from "../../../../../../test/support/read-npy.ts";
import { sharedFile } from "../../../../../../test/support/shared-files.ts";
import type { PixelSeries } from "../../series/pixel-series.ts";
import type { MonitorWindow } from "../monitor-window.ts";
import { changeStates, type PixelChanges } from "../pixel-changes.ts";
import { monitorHarmonic } from "./harmonic-monitor.ts";
import { harmonicOptionsSchema } from "./harmonic-options.ts";
import { day } from "./season.fixture.ts";

const options = harmonicOptionsSchema.parse({});
const window: MonitorWindow = {
  historyFromDay: day("2015-07-01"),
  monitorFromDay: day("2017-05-01"),
  monitorToDay: day("2018-01-01"),
};

/** Every fifth pixel of the real series of Slovenia, clouded or not, with a step from July 2017 on. */
function slovenia(context: TestContext, { step = 0, isMasked = true } = {}): PixelSeries {
  const file = (name: string): string => sharedFile(context, `testdata/satellite/eo-learn/${name}`);
  const times = JSON.parse(readFileSync(file("timestamps.json"), "utf8")) as readonly string[];
  const days = Float64Array.from(times, (time) => day(`${time}Z`));
  const { values: index } = readNpy(file("NDVI.npy"));
  const { values: clouds } = readNpy(file("CLM.npy"));
  const all = index.length / days.length;
  const pixels = Math.floor(all / 5);
  const values = new Float32Array(pixels * days.length);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (const [date, today] of days.entries()) {
      const from = date * all + 5 * pixel;
      const isHidden = isMasked && clouds[from] !== 0;
      values[pixel * days.length + date] = isHidden
        ? Number.NaN
        : index[from]! + (today >= day("2017-07-01") ? step : 0);
    }
  return { days, values, pixels };
}

const confirmed = ({ confirmedDays }: PixelChanges): number[] => [...confirmedDays].filter((at) => !Number.isNaN(at));

test("steps of a quarter in real woods are found within twenty days, with few false alarms", (context) => {
  const untouched = monitorHarmonic(slovenia(context), window, options);
  expect(confirmed(untouched).length / untouched.pixels).toBeLessThan(0.053);
  const stepped = monitorHarmonic(slovenia(context, { step: -0.25 }), window, options);
  const lags = confirmed(stepped)
    .map((at) => at - day("2017-07-01"))
    .filter((lag) => lag >= 0)
    .toSorted((a, b) => a - b);
  expect(lags.length / stepped.pixels).toBeGreaterThan(0.97);
  expect(lags[lags.length >> 1]).toBeLessThanOrEqual(20);
  const found = stepped.magnitudes.filter((_, pixel) => stepped.states[pixel] === changeStates.confirmed).toSorted();
  expect(found[found.length >> 1]).toBeCloseTo(-0.25, 0);
});

test("without a cloud mask the same steps are not found: what a missing mask costs", (context) => {
  const blind = monitorHarmonic(slovenia(context, { step: -0.25, isMasked: false }), window, options);
  expect(confirmed(blind).length / blind.pixels).toBeLessThan(0.1);
});
