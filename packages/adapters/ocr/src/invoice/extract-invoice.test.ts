import fc from "fast-check";
import { expect, test } from "vitest";
import type { Invoice } from "@stargate/kernel";
import { invoice as invoiceModality } from "@stargate/kernel";
import { arbitraryPageText } from "../../../../../test/support/arbitrary-page-text.ts";
import { textBlock, textPage } from "../../../../../test/support/page-text-fixture.ts";
import { extractInvoice } from "./extract-invoice.ts";

/** Reads lines of fixed-width text: columns are where they look to be. */
function read(...lines: readonly string[]): Invoice {
  return extractInvoice([textPage([textBlock("text", lines)])]);
}

const plain = [
  "Acme Tools Ltd",
  "Invoice No: 4711",
  "Invoice Date: 2026-03-05",
  "Description        Qty     Unit Price      Amount",
  "Blue widget          2          10.00       20.00",
  "Red widget           1           5.50        5.50",
  "Net total     GBP 25.50",
  "VAT 20%       GBP  5.10",
  "Total due     GBP 30.60",
];

const replaced = (from: string, to: string): readonly string[] => plain.map((line) => line.replace(from, to));

test("a plain invoice is read completely, with evidence, and has no findings", () => {
  const found = read(...plain);
  const { lineItems, findings, ...fields } = found;
  expect(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field?.value]))).toEqual({
    supplier: "Acme Tools Ltd",
    number: "4711",
    issueDate: "2026-03-05",
    currency: "GBP",
    net: "25.50",
    tax: "5.10",
    total: "30.60",
  });
  expect(
    lineItems.map((item) => [item.description.value, item.quantity?.value, item.unitPrice?.value, item.amount?.value]),
  ).toEqual([
    ["Blue widget", "2", "10.00", "20.00"],
    ["Red widget", "1", "5.50", "5.50"],
  ]);
  expect(findings).toEqual([]);
  expect(found.total?.evidence).toEqual([{ page: 1, dpi: 120, text: "GBP 30.60", box: [240, 340, 330, 360] }]);
  expect(invoiceModality.schema.safeParse(found).error).toBeUndefined();
});

test("nothing on a page gives the missing fields as findings", () => {
  expect(extractInvoice([textPage([])]).findings.map(({ kind, field }) => `${kind} ${field}`)).toEqual([
    "missing-field supplier",
    "missing-field number",
    "missing-field issueDate",
    "missing-field currency",
    "missing-field total",
  ]);
});

test("a date that may be two is reported with both readings and left out", () => {
  const found = read("Acme Tools", "Invoice No: 4711", "Invoice Date: 03/04/2026", "Total due EUR 10.00");
  expect(found.issueDate).toBeUndefined();
  expect(found.findings).toContainEqual({
    kind: "ambiguous-date",
    field: "issueDate",
    message: '"03/04/2026" may be 2026-04-03 or 2026-03-04; nothing in the document settles it',
    candidates: ["2026-04-03", "2026-03-04"],
  });
});

test.each([
  ["another date", "Due date: 25/04/2026", "2026-04-03"],
  ["another date the other way", "Due date: 04/25/2026", "2026-03-04"],
  ["an IBAN", "IBAN DE89 3704 0044 0532 0130 00", "2026-04-03"],
  ["a currency of one country", "Paid in USD", "2026-03-04"],
  ["a telephone number", "Tel +44 20 7946 0000", "2026-04-03"],
  ["an American address", "Springfield, IL 62704", "2026-03-04"],
  ["a language", "Zahlbar mit MwSt sofort", "2026-04-03"],
])("%s settles which it is, and is given as evidence", (_, evidence, date) => {
  const found = read("Acme Tools", "Invoice No: 4711", "Invoice Date: 03/04/2026", "Total due 10.00", evidence);
  expect(found.issueDate?.value).toBe(date);
  expect(found.issueDate?.evidence).toHaveLength(2);
});

test("evidence for both orders settles nothing", () => {
  const found = read("Invoice Date: 03/04/2026", "Total due USD 10.00", "IBAN DE89 3704 0044 0532 0130 00");
  expect(found.issueDate).toBeUndefined();
  expect(found.findings.map(({ kind }) => kind)).toContain("ambiguous-date");
});

test("totals that do not add up are reported and doubted", () => {
  const found = read(...replaced("GBP 30.60", "GBP 31.60"));
  expect(found.findings).toEqual([
    { kind: "sum-mismatch", field: "total", message: "Net 25.50 plus tax 5.10 is 30.60, the total says 31.60" },
  ]);
  expect(found.total?.confidence).toBeLessThan(0.5);
});

test("lines that do not add up to the net amount are reported", () => {
  const messages = read(...replaced("5.50        5.50", "6.50        6.50")).findings.map(({ message }) => message);
  expect(messages).toEqual(["The 2 lines add up to 26.50, the net amount says 25.50"]);
});

test("a line that is not quantity times price is reported", () => {
  const messages = read(...replaced("2          10.00", "3          10.00")).findings.map(
    ({ field, message }) => `${field}: ${message}`,
  );
  expect(messages).toEqual(["lineItems.0.amount: 3 x 10.00 is 30.00, the line says 20.00"]);
});

test("shipping and discounts between lines and net amount explain the difference", () => {
  const lines = replaced(
    "Net total     GBP 25.50",
    "Shipping      GBP  5.00\nDiscount      GBP  2.00\nNet total     GBP 28.50",
  ).flatMap((line) => line.split("\n"));
  expect(read(...lines.map((line) => line.replace("30.60", "33.60"))).findings).toEqual([]);
});

test("an IBAN with a wrong checksum is reported and left out", () => {
  const found = read(...plain, "IBAN DE89 3704 0044 0532 0130 01");
  expect(found.iban).toBeUndefined();
  expect(found.findings.map(({ kind }) => kind)).toEqual(["invalid-checksum"]);
});

test("an amount that may be thousands or decimals is reported when no other number helps", () => {
  const found = read("Invoice No: 4711", "Total due EUR 1.234");
  expect(found.total).toBeUndefined();
  expect(found.findings).toContainEqual({
    kind: "ambiguous-amount",
    field: "total",
    message: '"EUR 1.234" may be 1234 or 1.234; no other number of the document settles it',
    candidates: ["1234", "1.234"],
  });
});

test("a due date before the invoice date is a contradiction", () => {
  expect(read(...plain, "Due date: 2026-03-01").findings.map(({ kind, field }) => `${kind} ${field}`)).toEqual([
    "contradiction dueDate",
  ]);
});

test("two currencies are a contradiction", () => {
  expect(read(...plain, "Paid: EUR 1.00").findings).toContainEqual({
    kind: "contradiction",
    field: "currency",
    message: "Amounts are marked GBP (3) and EUR (1)",
    candidates: ["GBP", "EUR"],
  });
});

test("the recipient is not taken for the supplier", () => {
  const found = read(
    "Bill to",
    "Customer Works GmbH",
    "Street 1",
    "",
    "",
    "",
    "",
    "",
    "Acme Tools Ltd",
    "Invoice No: 4711",
  );
  expect(found.supplier?.value).toBe("Acme Tools Ltd");
});

test("a label at the left and its value far to the right belong together, a label above too", () => {
  const found = read(
    "Rechnungsnummer                                          RE-77",
    "Rechnungsdatum      Fälligkeitsdatum",
    "5. März 2026        19.03.2026",
    "Gesamtbetrag                                 1.190,00 EUR",
  );
  expect([found.number?.value, found.issueDate?.value, found.dueDate?.value, found.total?.value]).toEqual([
    "RE-77",
    "2026-03-05",
    "2026-03-19",
    "1190.00",
  ]);
});

test("any page gives an invoice that fits its schema, the same every time", () => {
  fc.assert(
    fc.property(arbitraryPageText, ({ pages }) => {
      const found = extractInvoice(pages);
      expect(invoiceModality.schema.safeParse(found).error).toBeUndefined();
      expect(extractInvoice(pages)).toEqual(found);
    }),
  );
});

test("random lines of labels, numbers and dates give an invoice that fits its schema", () => {
  const part = fc.constantFrom(
    "Total",
    "Invoice No:",
    "Date",
    "VAT",
    "Net",
    "IBAN",
    "Description",
    "Qty",
    "Price",
    "Amount",
    "12/11/2026",
    "1.234",
    "1,50",
    "$5.00",
    "€",
    "-3,00",
    "DE89370400440532013000",
    "20%",
    "Acme Ltd",
    "(1.00)",
    "30.02.2026",
    "Bill to",
    "...",
    "0",
  );
  const lines = fc.array(
    fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("      ")),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(lines, (texts) => {
      expect(invoiceModality.schema.safeParse(read(...texts)).error).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
