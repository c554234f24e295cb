import { describe, expect, test } from "vitest";
import { invoice } from "@stargate/kernel";
import { heldOutLayouts } from "../../test/invoices/held-out-layouts.ts";
import { makeInvoice } from "../../test/invoices/invoice-data.ts";
import type { InvoiceLayout } from "../../test/invoices/layout.ts";
import { print } from "../../test/invoices/pen.ts";
import { accuracy, emptyScores, report, score, type Scores, scoredFields } from "../../test/invoices/score.ts";
import { tunedLayouts } from "../../test/invoices/tuned-layouts.ts";
import { extractInvoice } from "./extract-invoice.ts";

/** Invoices per layout. */
const seeds = [101, 102, 103, 104, 105];

async function read(layouts: readonly InvoiceLayout[]): Promise<Scores> {
  const scores = emptyScores();
  for (const layout of layouts) {
    for (const seed of seeds) {
      const data = makeInvoice(layout.profile, seed);
      const { pageText } = await print((pen) => layout.draw(pen, data));
      const found = extractInvoice(pageText.pages);
      expect(invoice.schema.safeParse(found).error).toBeUndefined();
      score(scores, `${layout.id}#${seed}`, data, found);
    }
  }
  return scores;
}

// The words as a text layer gives them: what goes wrong here is the extraction's own doing.
describe("born-digital invoices", () => {
  test("of the layouts that were tuned on are read completely", async () => {
    const scores = await read(tunedLayouts);
    console.info(report(`born-digital, ${tunedLayouts.length} tuned layouts, ${seeds.length} invoices each`, scores));
    for (const field of scoredFields) expect(scores[field].wrong, field).toEqual([]);
  });

  // Held out: nl-left, pt-grid, in-two-pages, ie-list. Nothing was changed after their first result.
  test("of the held-out layouts reach the accuracy stated", async () => {
    const scores = await read(heldOutLayouts);
    console.info(
      report(`born-digital, ${heldOutLayouts.length} held-out layouts, ${seeds.length} invoices each`, scores),
    );
    for (const field of scoredFields)
      expect(accuracy(scores[field]), `${field}: ${scores[field].wrong.join("; ")}`).toBeGreaterThanOrEqual(0.9);
  });
});
