import { defineModality } from "../../define/define-modality.ts";
import { decodeJson } from "../json/parse-json.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { parseValue } from "../parse-value.ts";
import { invoiceSchema, type Invoice, type InvoiceLineItem } from "./invoice-schema.ts";

/** The fields of an invoice with their evidence. Not measured: fields are found or absent, never read in part. */
export const invoice = defineModality({
  id: "invoice",
  summary: "Fields and line items of an invoice, with evidence",
  schema: invoiceSchema,
  measure: "none",
  describe: (value) => ({
    currency: value.currency?.value ?? null,
    total: value.total?.value ?? null,
    lineItems: value.lineItems.length,
    findings: value.findings.length,
  }),
  sizeOf: (value) => 2048 + value.lineItems.length * 1024,
  sniff(head, sizeBytes) {
    const text = jsonHead(head, sizeBytes);
    const ours =
      text !== undefined && /"lineItems"\s*:\s*\[/.test(text) && /"(?:findings|evidence)"\s*:\s*\[/.test(text);
    return ours ? { mediaType: "application/json", confidence: 0.6 } : undefined;
  },
  codecs: {
    "application/json": {
      decode: async (input) => parseValue("invoice", invoiceSchema, await decodeJson(input)),
      encode: (value) => JSON.stringify(value),
    },
    "text/csv": { encode: writeLineItems },
  },
});

const columns = ["description", "quantity", "unitPrice", "taxRatePercent", "amount", "currency", "invoiceNumber"];

/** One row per line item; currency and number repeat, so that files of several invoices can be joined. */
async function writeLineItems(value: Invoice): Promise<string> {
  const shared = [value.currency?.value ?? null, value.number?.value ?? null];
  const row = (item: InvoiceLineItem): (string | null)[] => [
    item.description.value,
    item.quantity?.value ?? null,
    item.unitPrice?.value ?? null,
    item.taxRatePercent?.value ?? null,
    item.amount?.value ?? null,
    ...shared,
  ];
  const { writeCsv } = await import("../table/csv.ts");
  return writeCsv({ columns, rows: value.lineItems.map(row) });
}
