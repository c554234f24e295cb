import type { Invoice, PageTextPage } from "@stargate/kernel";
import { extractInvoice } from "./extract-invoice.ts";

/** `extractInvoice` for a worker: a long document takes longer than a gateway's thread has time for. */
export function extractInvoiceTask(pages: readonly PageTextPage[]): Invoice {
  return extractInvoice(pages);
}
