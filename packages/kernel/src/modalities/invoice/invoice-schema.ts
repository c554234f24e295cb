import { z } from "zod";

/** Where a field was read: pixels at `dpi`, origin top-left. */
const evidenceSchema = z.strictObject({
  page: z.int().min(1),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  dpi: z.number().positive(),
  /** The words as they stand on the page. */
  text: z.string(),
});

function field<S extends z.ZodType>(value: S) {
  return z.strictObject({ value, confidence: z.number().min(0).max(1), evidence: z.array(evidenceSchema).readonly() });
}

/** Decimal amounts are strings with a point ("1234.56"): money is never a binary fraction. */
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
/** ISO 8601 calendar date. */
const date = z.iso.date();

const lineItemSchema = z.strictObject({
  description: field(z.string()),
  quantity: field(amount).optional(),
  unitPrice: field(amount).optional(),
  taxRatePercent: field(amount).optional(),
  amount: field(amount).optional(),
});

/** Something contradictory, ambiguous or missing. */
const findingSchema = z.strictObject({
  kind: z.enum([
    "ambiguous-date",
    "ambiguous-amount",
    "sum-mismatch",
    "missing-field",
    "contradiction",
    "invalid-checksum",
  ]),
  field: z.string(),
  message: z.string(),
  /** The readings that are possible ("2026-11-12", "2026-12-11"). */
  candidates: z.array(z.string()).readonly().optional(),
});

/** What an invoice says, each field with its evidence. A field that was not found, or is ambiguous, is absent. */
export const invoiceSchema = z.strictObject({
  supplier: field(z.string()).optional(),
  number: field(z.string()).optional(),
  issueDate: field(date).optional(),
  dueDate: field(date).optional(),
  /** ISO 4217. */
  currency: field(z.string().length(3)).optional(),
  net: field(amount).optional(),
  tax: field(amount).optional(),
  total: field(amount).optional(),
  /** Without spaces; its checksum holds. */
  iban: field(z.string()).optional(),
  lineItems: z.array(lineItemSchema).readonly(),
  findings: z.array(findingSchema).readonly(),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type InvoiceLineItem = z.infer<typeof lineItemSchema>;
export type InvoiceFinding = z.infer<typeof findingSchema>;
export type Invoice = z.infer<typeof invoiceSchema>;
