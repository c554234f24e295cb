import { defineTask, defineTransform, type Invoice, invoice, pageText, type PageTextPage } from "@stargate/kernel";

const task = defineTask<readonly PageTextPage[], Invoice>({
  base: import.meta.url,
  module: "./extract-invoice-task",
  export: "extractInvoiceTask",
});

/**
 * `ocr.invoice`: the fields of an invoice, each with the words it was read from and a confidence. Deterministic.
 * What is ambiguous, contradictory or missing is a finding of the value and an issue of the run.
 */
export const invoiceTransform = defineTransform({
  id: "ocr.invoice",
  version: "1.0.0",
  summary: "Reads supplier, number, dates, amounts, line items and IBAN of an invoice, cross-checked",
  from: pageText,
  to: invoice,
  coverage: "whole",
  cost: (descriptor) => ({ ms: 5 + 2 * Number(descriptor["pages"] ?? 1) }),
  loss: { text: 1, layout: 1 },
  async run(input, context) {
    const found = await context.offload(task, input.pages, { signal: context.signal });
    for (const finding of found.findings)
      context.issue({ code: "SG_OCR_INVOICE_FINDING", message: finding.message, item: finding.field });
    return found;
  },
});
