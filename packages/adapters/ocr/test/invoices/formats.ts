export interface NumberFormat {
  readonly group: string;
  readonly decimal: string;
  readonly isIndian?: boolean;
}

/** "1234.50" with separators: groups of three, or Indian ones. */
export function formatAmount(amount: string, { group, decimal, isIndian = false }: NumberFormat): string {
  const [whole = "0", fraction = ""] = amount.split(".");
  const pattern = isIndian ? /(?<=\d)(?=(?:\d\d)*\d{3}$)/g : /(?<=\d)(?=(?:\d{3})+$)/g;
  return `${whole.replace(pattern, group)}${fraction === "" ? "" : decimal + fraction}`;
}

export type DateFormat = (iso: string) => string;

const parts = (iso: string): readonly [string, string, string] => iso.split("-") as [string, string, string];

export const dotted: DateFormat = (iso) => parts(iso).toReversed().join(".");
export const dottedShort: DateFormat = (iso) => {
  const [year, month, day] = parts(iso);
  return `${Number(day)}.${Number(month)}.${year.slice(2)}`;
};
export const slashedDayFirst: DateFormat = (iso) => parts(iso).toReversed().join("/");
export const slashedMonthFirst: DateFormat = (iso) => {
  const [year, month, day] = parts(iso);
  return `${month}/${day}/${year}`;
};
export const dashed: DateFormat = (iso) => parts(iso).toReversed().join("-");
export const isoFormat: DateFormat = (iso) => iso;

/** "12 March 2026" and its kin, by the names of the months. */
export function withMonthName(
  names: readonly string[],
  write: (day: number, month: string, year: string) => string,
): DateFormat {
  return (iso) => {
    const [year, month, day] = parts(iso);
    return write(Number(day), names[Number(month) - 1] ?? month, year);
  };
}

export const englishMonths = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
export const germanMonths = [
  "Januar",
  "Februar",
  "März",
  "April",
  "Mai",
  "Juni",
  "Juli",
  "August",
  "September",
  "Oktober",
  "November",
  "Dezember",
];
export const spanishMonths = [
  "enero",
  "febrero",
  "marzo",
  "abril",
  "mayo",
  "junio",
  "julio",
  "agosto",
  "septiembre",
  "octubre",
  "noviembre",
  "diciembre",
];
export const dutchMonths = [
  "januari",
  "februari",
  "maart",
  "april",
  "mei",
  "juni",
  "juli",
  "augustus",
  "september",
  "oktober",
  "november",
  "december",
];
