const MILLISECONDS_PER_DAY = 86_400_000;

/** "2017-07-05" for a day since 1970-01-01 (UTC). */
export function dateOfDay(day: number): string {
  return new Date(Math.floor(day) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** Day since 1970-01-01 of a date. */
export function dayOfDate(date: string): number {
  return Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / MILLISECONDS_PER_DAY;
}
