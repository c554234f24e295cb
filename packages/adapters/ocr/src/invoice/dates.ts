import { monthOf } from "./months.ts";

/** What day-month order the numbers of a date are in. */
export type DateOrder = "day-first" | "month-first";

/** Readings of a printed date, ISO 8601: one, or two when day and month may be swapped. */
export interface DateReading {
  readonly candidates: readonly string[];
  /** Order this date proves for others written alike, when it does: 25/12/2026. */
  readonly order?: DateOrder | undefined;
  /** Characters of the text it was read from. */
  readonly start: number;
  readonly end: number;
}

const day = "(\\d{1,2})(?:st|nd|rd|th|er|[.º°ª])?";
const year = "(\\d{4}|['\u2019]?\\d{2})";
const name = "(\\p{L}{3,}\\.?)";
const of = "(?:\\s+(?:de|of|do|del|di))?";

/** Tried in this order; `i` ignores case, `u` knows letters. */
const forms: readonly {
  readonly pattern: RegExp;
  readonly read: (parts: readonly string[]) => Omit<DateReading, "start" | "end"> | undefined;
}[] = [
  {
    pattern: /(?<![\d.,/-])(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?![\d/-])/gu,
    read: ([y = "", , m = "", d = ""]) => one(isoDate(y, m, d)),
  },
  {
    pattern: new RegExp(`(?<![\\d.,/-])${day}[\\s-]*${of}\\s*${name}${of}[\\s,-]+${year}(?!\\d)`, "giu"),
    read: ([d = "", month = "", y = ""]) => one(namedDate(y, month, d)),
  },
  {
    pattern: new RegExp(`${name}\\s+${day},?\\s+${year}(?!\\d)`, "giu"),
    read: ([month = "", d = "", y = ""]) => one(namedDate(y, month, d)),
  },
  // Dots are written by countries that put the day first only.
  {
    pattern: /(?<![\d.,/-])(\d{1,2})\s?\.\s?(\d{1,2})\s?\.\s?(\d{4}|\d{2})(?![\d.,]*\d)/gu,
    read: ([d = "", m = "", y = ""]) => one(isoDate(y, m, d)),
  },
  {
    pattern: /(?<![\d.,/-])(\d{1,2})\s?([-/])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/-])/gu,
    read: ([first = "", , second = "", y = ""]) => eitherOrder(first, second, y),
  },
];

/** All dates in a text, in order of appearance. A date that cannot exist (31.02.) is none. */
export function readDates(text: string): readonly DateReading[] {
  const found: DateReading[] = [];
  for (const { pattern, read } of forms) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (found.some((date) => start < date.end && end > date.start)) continue;
      const reading = read(match.slice(1).map((part) => part ?? ""));
      if (reading !== undefined) found.push({ ...reading, start, end });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function one(iso: string | undefined): Omit<DateReading, "start" | "end"> | undefined {
  return iso === undefined ? undefined : { candidates: [iso] };
}

function eitherOrder(first: string, second: string, y: string): Omit<DateReading, "start" | "end"> | undefined {
  const dayFirst = isoDate(y, second, first);
  const monthFirst = isoDate(y, first, second);
  if (dayFirst === undefined)
    return monthFirst === undefined ? undefined : { candidates: [monthFirst], order: "month-first" };
  if (monthFirst === undefined) return { candidates: [dayFirst], order: "day-first" };
  return { candidates: dayFirst === monthFirst ? [dayFirst] : [dayFirst, monthFirst] };
}

function namedDate(y: string, month: string, d: string): string | undefined {
  const number = monthOf(month);
  return number === undefined ? undefined : isoDate(y, String(number), d);
}

/** ISO date, or undefined when there is no such day. Two-digit years are of this century: invoices are not old. */
function isoDate(y: string, m: string, d: string): string | undefined {
  const digits = y.replace(/\D/g, "");
  const fullYear = digits.length === 2 ? `20${digits}` : digits;
  const iso = `${fullYear}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`;
  const date = new Date(`${iso}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return exists && Number(fullYear) >= 1950 && Number(fullYear) < 2100 ? iso : undefined;
}
