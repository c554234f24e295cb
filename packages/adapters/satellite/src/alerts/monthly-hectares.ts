import type { Table } from "@stargate/kernel";
import type { Alert } from "./alert-schema.ts";
import { round } from "./statistics.ts";

/**
 * Hectares by month and confidence, one row for each, without gaps between the first month and the last: area in the month
 * in which its change was first seen, every pixel once. Alerts that a person has rejected do not count, nor suspected ones
 * that later observations have not borne out; `alerts` counts those that contribute to a row.
 */
export function monthlyHectares(alerts: readonly Alert[]): Table {
  const sums = new Map<string, { hectares: number; alerts: number }>();
  for (const { properties } of alerts) {
    const isWithdrawn = !properties.current && properties.confidence === "low";
    if (isWithdrawn || properties.verified?.verdict === "rejected") continue;
    for (const { month, confidence, hectares } of properties.months) {
      const key = `${month} ${confidence}`;
      const sum = sums.get(key) ?? { hectares: 0, alerts: 0 };
      sums.set(key, { hectares: sum.hectares + hectares, alerts: sum.alerts + 1 });
    }
  }
  const months = [...sums.keys()].map((key) => key.slice(0, 7)).toSorted();
  const rows = monthsBetween(months[0], months.at(-1)).flatMap((month) =>
    ["high", "low"].map((confidence) => {
      const { hectares, alerts: contributing } = sums.get(`${month} ${confidence}`) ?? { hectares: 0, alerts: 0 };
      return [month, confidence, round(hectares, 4), contributing];
    }),
  );
  return { columns: ["month", "confidence", "hectares", "alerts"], rows };
}

function monthsBetween(first: string | undefined, last: string | undefined): readonly string[] {
  if (first === undefined || last === undefined) return [];
  const number = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  return Array.from({ length: number(last) - number(first) + 1 }, (_, index) => {
    const at = number(first) + index;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  });
}
