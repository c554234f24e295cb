import { expect, test } from "vitest";
import { day, seasons, tenDays, window } from "../harmonic/season.fixture.ts";
import { changeStates } from "../pixel-changes.ts";
import { monitorExtremes } from "./extremes-monitor.ts";
import { extremesOptionsSchema } from "./extremes-options.ts";
import { seasonNeighbours } from "./season-neighbours.ts";

const options = extremesOptionsSchema.parse({});

test("neighbours are of the same time of the year, within the years asked for, and of the history alone", () => {
  const days = Float64Array.from(
    ["2017-06-20", "2018-06-20", "2019-01-10", "2020-06-11", "2021-06-01", "2021-06-18"],
    day,
  );
  const found = seasonNeighbours(days, { historyFrom: 0, monitorFrom: 4, monitorTo: 6 }, options);
  expect([...found.starts]).toEqual([0, 1, 3]);
  expect([...found.dates]).toEqual([3, 1, 3]);
});

test("what lies below all of the years before is a change; as low as a dry year before is none", () => {
  const at = day("2021-06-05");
  const dryYear = (today: number): number => (today >= day("2020-06-01") && today < day("2020-09-01") ? -0.3 : 0);
  const series = seasons(2, (today, pixel) => (today >= at ? -0.3 : pixel === 1 ? dryYear(today) : 0));
  const summer = { ...window, monitorToDay: day("2021-08-15") };
  const { states, confirmedDays } = monitorExtremes(series, summer, options);
  expect([...states]).toEqual([changeStates.confirmed, changeStates.stable]);
  expect(confirmedDays[0]).toBe(tenDays.filter((today) => today >= at)[2]);
});
