import type { Invoice } from "@stargate/kernel";
import type { InvoiceData } from "./invoice-data.ts";

export const scoredFields = [
  "supplier",
  "number",
  "issueDate",
  "dueDate",
  "currency",
  "net",
  "tax",
  "total",
  "iban",
  "lineCount",
  "quantities",
  "unitPrices",
  "amounts",
  "descriptions",
] as const;
export type ScoredField = (typeof scoredFields)[number];

export interface FieldScore {
  right: number;
  of: number;
  wrong: string[];
}

export type Scores = Record<ScoredField, FieldScore>;

export function emptyScores(): Scores {
  return Object.fromEntries(
    scoredFields.map((field) => [field, { right: 0, of: 0, wrong: [] as string[] }]),
  ) as unknown as Scores;
}

/** Counts exact agreement, field by field. Lines are compared number by number, descriptions letter by letter. */
export function score(scores: Scores, id: string, truth: InvoiceData, found: Invoice): void {
  const count = (field: ScoredField, expected: string | undefined, actual: string | undefined): void => {
    if (expected === undefined) return;
    scores[field].of += 1;
    if (expected === actual) scores[field].right += 1;
    else scores[field].wrong.push(`${id}: ${expected} read as ${actual ?? "nothing"}`);
  };
  for (const field of [
    "supplier",
    "number",
    "issueDate",
    "dueDate",
    "currency",
    "net",
    "tax",
    "total",
    "iban",
  ] as const)
    count(field, truth[field], found[field]?.value);
  count("lineCount", String(truth.items.length), String(found.lineItems.length));
  truth.items.forEach((item, at) => {
    const line = found.lineItems[at];
    count("quantities", item.quantity, line?.quantity?.value);
    count("unitPrices", item.unitPrice, line?.unitPrice?.value);
    count("amounts", item.amount, line?.amount?.value);
    count("descriptions", item.description, line?.description.value);
  });
}

export function accuracy({ right, of }: FieldScore): number {
  return of === 0 ? 1 : right / of;
}

/** One line per field: "total 40/40 100.0 %". */
export function report(title: string, scores: Scores): string {
  return [
    title,
    ...scoredFields.map(
      (field) =>
        `  ${field.padEnd(13)} ${String(scores[field].right).padStart(4)}/${String(scores[field].of).padEnd(4)} ${(100 * accuracy(scores[field])).toFixed(1).padStart(5)} %`,
    ),
  ].join("\n");
}
