import { dateOfDay } from "../series/dates.ts";

/** First and last day of a part of the year, "08-01" to "09-15"; it may reach over New Year. */
export interface SeasonWindow {
  readonly from: string;
  readonly to: string;
}

/** End of the melting season: 1 August to 15 September (Selkowitz and Forster 2016), half a year later in the south. */
export function ablationSeason(latitude: number): SeasonWindow {
  return latitude >= 0 ? { from: "08-01", to: "09-15" } : { from: "02-01", to: "03-15" };
}

/** Year whose season a day belongs to (the one in which the season begins); undefined outside of it. */
export function seasonYear(day: number, { from, to }: SeasonWindow): number | undefined {
  const date = dateOfDay(day);
  const [year, monthDay] = [Number(date.slice(0, 4)), date.slice(5)];
  if (from <= to) return monthDay >= from && monthDay <= to ? year : undefined;
  if (monthDay >= from) return year;
  return monthDay <= to ? year - 1 : undefined;
}
