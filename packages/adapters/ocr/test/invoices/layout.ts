import type { NumberFormat } from "./formats.ts";
import { formatAmount } from "./formats.ts";
import type { InvoiceData, InvoiceProfile } from "./invoice-data.ts";
import type { Pen, TextStyle } from "./pen.ts";

/** One way an invoice can look. */
export interface InvoiceLayout {
  readonly id: string;
  /** Held-out layouts are reported on and never tuned on. */
  readonly isHeldOut: boolean;
  readonly profile: InvoiceProfile;
  draw(pen: Pen, data: InvoiceData): void;
}

export interface TableColumn {
  readonly heading: string;
  readonly x: number;
  readonly align?: TextStyle["align"];
  cell(item: InvoiceData["items"][number], index: number): string;
}

export interface TableStyle extends TextStyle {
  readonly top: number;
  readonly pitch?: number;
  readonly headingBold?: boolean;
  readonly rules?: "none" | "head" | "all";
  /** Bottom of the last row on a page; the table goes on on the next. */
  readonly bottom?: number;
  readonly repeatHeading?: boolean;
  readonly nextTop?: number;
  onPageEnd?(pen: Pen, y: number, itemsSoFar: number): number;
  onPageStart?(pen: Pen, y: number, itemsSoFar: number): number;
}

/** Prints the line items; returns the y below the last row. */
export function table(
  pen: Pen,
  items: InvoiceData["items"],
  columns: readonly TableColumn[],
  style: TableStyle,
): number {
  const {
    top,
    pitch = 16,
    headingBold = true,
    rules = "head",
    bottom = 760,
    repeatHeading = true,
    nextTop = 80,
    size = 9,
    serif = false,
  } = style;
  const left = Math.min(...columns.map((column) => column.x)) - 4;
  const right = Math.max(...columns.map((column) => column.x)) + 4;
  const heading = (y: number): number => {
    for (const column of columns)
      pen.text(column.x, y, column.heading, { size, serif, bold: headingBold, align: column.align ?? "left" });
    if (rules !== "none") pen.rule(left, y + 4, right);
    return y + pitch;
  };
  let y = heading(top);
  items.forEach((item, index) => {
    if (y > bottom) {
      style.onPageEnd?.(pen, y, index);
      pen.nextPage();
      y = repeatHeading ? heading(nextTop) : nextTop;
      y = style.onPageStart?.(pen, y, index) ?? y;
    }
    for (const column of columns)
      pen.text(column.x, y, column.cell(item, index), { size, serif, align: column.align ?? "left" });
    if (rules === "all") pen.rule(left, y + 4, right, 0.3);
    y += pitch;
  });
  return y;
}

/** Amounts of a layout: number format with the currency put before or behind. */
export function money(format: NumberFormat, before = "", behind = ""): (amount: string) => string {
  return (amount) => `${before}${formatAmount(amount, format)}${behind}`;
}

/** IBAN in groups of four. */
export function grouped(iban: string | undefined): string {
  return (iban ?? "").replace(/(.{4})(?=.)/g, "$1 ");
}

export function lines(
  pen: Pen,
  x: number,
  y: number,
  texts: readonly string[],
  style: TextStyle & { readonly pitch?: number } = {},
): number {
  texts.forEach((text, at) => pen.text(x, y + at * (style.pitch ?? 12), text, style));
  return y + texts.length * (style.pitch ?? 12);
}

/** Sum of the first items, for "carried forward" lines. */
export function sumOf(items: InvoiceData["items"]): string {
  const cents = items.reduce((sum, item) => sum + BigInt(item.amount.replace(".", "")), 0n);
  const text = String(cents).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}
