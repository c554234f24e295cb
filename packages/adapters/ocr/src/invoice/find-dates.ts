import type { InvoiceFinding } from "@stargate/kernel";
import { readDates } from "./dates.ts";
import type { DocumentFacts } from "./document-facts.ts";
import { type FoundField, foundField } from "./found-field.ts";
import { joinWords, type PlacedWord, type Row } from "./placed-words.ts";
import { type LabelInRow, wordsBelow } from "./row-labels.ts";

export interface FoundDates {
  readonly issueDate?: FoundField;
  readonly dueDate?: FoundField;
  readonly findings: readonly InvoiceFinding[];
}

/** A date as it stands beside or under its label. */
interface LabelledDate {
  readonly candidates: readonly string[];
  readonly words: readonly PlacedWord[];
  readonly sureness: number;
}

/** Reads issue and due date. A date that day and month could be swapped in is reported, not guessed. */
export function findDates(rows: readonly Row[], labels: readonly LabelInRow[], facts: DocumentFacts): FoundDates {
  const dueLabels = labels.filter((label) => label.meaning === "dueDate");
  const due = first(dueLabels, rows, new Set());
  const taken = new Set(due?.words ?? []);
  const issue =
    first(
      labels.filter((label) => label.meaning === "issueDate"),
      rows,
      taken,
    ) ??
    first(
      labels.filter((label) => label.meaning === "anyDate" || label.meaning === "title"),
      rows,
      taken,
    ) ??
    onlyDate(rows, labels, taken);
  const findings: InvoiceFinding[] = [];
  const issueDate = issue && settle("issueDate", issue, facts, findings);
  const dueDate = due && settle("dueDate", due, facts, findings);
  if (issueDate !== undefined && dueDate !== undefined && dueDate.value < issueDate.value) {
    findings.push({
      kind: "contradiction",
      field: "dueDate",
      message: `The due date ${dueDate.value} is before the issue date ${issueDate.value}`,
    });
  }
  return { ...(issueDate && { issueDate }), ...(dueDate && { dueDate }), findings };
}

function settle(
  field: string,
  date: LabelledDate,
  facts: DocumentFacts,
  findings: InvoiceFinding[],
): FoundField | undefined {
  const [dayFirst, monthFirst] = date.candidates;
  if (dayFirst === undefined) return undefined;
  if (monthFirst === undefined) return foundField(dayFirst, date.words, date.sureness);
  if (facts.dateOrder !== undefined) {
    return foundField(
      facts.dateOrder.order === "day-first" ? dayFirst : monthFirst,
      date.words,
      0.9 * date.sureness,
      facts.dateOrder.words,
    );
  }
  const written = date.words.map((word) => word.text).join(" ");
  findings.push({
    kind: "ambiguous-date",
    field,
    message: `"${written}" may be ${dayFirst} or ${monthFirst}; nothing in the document settles it`,
    candidates: [dayFirst, monthFirst],
  });
  return undefined;
}

/** The first label, from the top, that has a date beside it; else the first that has one below. */
function first(
  labels: readonly LabelInRow[],
  rows: readonly Row[],
  taken: ReadonlySet<PlacedWord>,
): LabelledDate | undefined {
  for (const label of labels) {
    const date = dateIn(label.following, 1, taken);
    if (date !== undefined) return date;
  }
  for (const label of labels) {
    for (const words of wordsBelow(label, rows)) {
      const date = dateIn(words, 0.97, taken);
      if (date !== undefined) return date;
    }
  }
  return undefined;
}

/** A single date on the first page without any label is the date of the invoice. */
function onlyDate(
  rows: readonly Row[],
  labels: readonly LabelInRow[],
  taken: ReadonlySet<PlacedWord>,
): LabelledDate | undefined {
  const elsewhere = new Set(labels.filter((label) => label.meaning === "otherDate").map((label) => label.row));
  const dates = rows
    .filter((row) => row.page === rows[0]?.page && !elsewhere.has(row))
    .flatMap((row) => dateIn(row.words, 0.8, taken) ?? []);
  return dates.length === 1 ? dates[0] : undefined;
}

function dateIn(
  words: readonly PlacedWord[],
  sureness: number,
  taken: ReadonlySet<PlacedWord>,
): LabelledDate | undefined {
  const { text, between } = joinWords(words);
  const dates = readDates(text).map((date) => ({
    candidates: date.candidates,
    words: between(date.start, date.end),
    sureness,
  }));
  return dates.find((date) => !date.words.some((word) => taken.has(word)));
}
