import type { Invoice, InvoiceFinding, InvoiceLineItem, PageTextPage } from "@stargate/kernel";
import { settleAmount } from "./amounts.ts";
import { checkLineItems } from "./check-line-items.ts";
import { multiplyAmounts, withinCents } from "./decimal.ts";
import { type DocumentFacts, readDocumentFacts } from "./document-facts.ts";
import { findCurrency } from "./find-currency.ts";
import { findDates } from "./find-dates.ts";
import { findIban } from "./find-iban.ts";
import { findInvoiceNumber } from "./find-number.ts";
import { findSupplier } from "./find-supplier.ts";
import { checkTotals, findTotals } from "./find-totals.ts";
import { confirmed, doubted, type FoundField, foundField } from "./found-field.ts";
import { type RawLineItem, readLineItems } from "./line-items.ts";
import type { FoundNumber } from "./money.ts";
import { pageRows } from "./placed-words.ts";
import { labelsOfRow } from "./row-labels.ts";

/** Fields an invoice cannot do without. */
const essential = ["supplier", "number", "issueDate", "currency", "total"] as const;

/**
 * Reads an invoice from the words of its pages: labels in seven languages, their values beside or below, the table of
 * line items under its headings, sums cross-checked. Deterministic. Nothing is guessed: what is ambiguous, contradictory
 * or missing is a finding.
 */
export function extractInvoice(pages: readonly PageTextPage[]): Invoice {
  const rows = pages.flatMap(pageRows);
  const facts = readDocumentFacts(rows);
  const table = readLineItems(rows);
  const labels = rows.filter((row) => !table.rows.has(row)).flatMap(labelsOfRow);
  const { findings: dateFindings, ...dates } = findDates(rows, labels, facts);
  const { findings: currencyFindings, ...currency } = findCurrency(rows);
  const { findings: ibanFindings, ...iban } = findIban(rows);
  const { findings: totalFindings, adjustments, ...found } = findTotals(rows, labels, facts);
  const contradictions = checkTotals(found);
  const totals = contradictions.length === 0 ? found : doubtAll(found);
  const lineItems = table.items.map((item) => toLineItem(item, facts));
  const supplier = findSupplier(rows, labels);
  const number = findInvoiceNumber(rows, labels);
  const fields = {
    ...(supplier && { supplier }),
    ...(number && { number }),
    ...dates,
    ...currency,
    ...totals,
    ...iban,
  };
  const checked = [...contradictions, ...checkLineItems(lineItems, totals, adjustments)];
  const findings = [...dateFindings, ...currencyFindings, ...ibanFindings, ...totalFindings, ...checked];
  return { ...fields, lineItems, findings: [...findings, ...missing(fields, findings)] };
}

function doubtAll<Fields extends Readonly<Record<string, FoundField | undefined>>>(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([key, field]) => [key, field && doubted(field)]);
  return Object.fromEntries(entries) as Fields; // the same keys
}

function missing(
  fields: Partial<Record<(typeof essential)[number], FoundField>>,
  findings: readonly InvoiceFinding[],
): readonly InvoiceFinding[] {
  return essential
    .filter((field) => fields[field] === undefined && !findings.some((finding) => finding.field === field))
    .map((field) => ({ kind: "missing-field", field, message: `No ${field} was found` }));
}

function toLineItem(item: RawLineItem, facts: DocumentFacts): InvoiceLineItem {
  const { quantity, unitPrice, taxRate, amount } = item.numbers;
  const fields = {
    quantity: quantity && numberField(quantity, facts),
    unitPrice: unitPrice && numberField(unitPrice, facts),
    taxRatePercent: taxRate && numberField(taxRate, facts),
    amount: amount && numberField(amount, facts),
  };
  const isProduct =
    fields.quantity !== undefined &&
    fields.unitPrice !== undefined &&
    fields.amount !== undefined &&
    withinCents(multiplyAmounts(fields.quantity.value, fields.unitPrice.value), fields.amount.value, 1);
  const settled = (field: FoundField): FoundField => (isProduct ? confirmed(field) : field);
  const description = item.description.map((word) => word.text).join(" ");
  return {
    description: foundField(description, item.description, 0.95),
    ...(fields.quantity && { quantity: settled(fields.quantity) }),
    ...(fields.unitPrice && { unitPrice: settled(fields.unitPrice) }),
    ...(fields.taxRatePercent && { taxRatePercent: fields.taxRatePercent }),
    ...(fields.amount && { amount: settled(fields.amount) }),
  };
}

/** A number whose separator stays ambiguous ("1.250") is left out of its line. */
function numberField(number: FoundNumber, facts: DocumentFacts): FoundField | undefined {
  const candidates = settleAmount(number.reading, facts.decimalMark, number.written);
  const [value] = candidates;
  return value === undefined || candidates.length > 1 ? undefined : foundField(value, number.words, 0.97);
}
