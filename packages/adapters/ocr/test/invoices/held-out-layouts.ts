import { dashed, dutchMonths, isoFormat, withMonthName, englishMonths } from "./formats.ts";
import { grouped, type InvoiceLayout, lines, money, table } from "./layout.ts";
import { itemAt } from "./invoice-data.ts";
import { dutch, indian, irish, portuguese } from "./profiles.ts";

// Held out: written once, before the extraction was first run on any layout, and never tuned on. Leave them alone.

/** Quantity first, VAT column, values right beside labels without colons, totals on the left. */
const dutchLeft: InvoiceLayout = {
  id: "nl-left",
  isHeldOut: true,
  profile: dutch,
  draw(pen, data) {
    const euro = money({ group: ".", decimal: "," }, "€ ");
    const words = withMonthName(dutchMonths, (day, month, year) => `${day} ${month} ${year}`);
    pen.text(300, 55, data.supplier, { size: 20, bold: true, align: "center" });
    pen.text(300, 72, "Havenstraat 20, 1012 AB Amsterdam - KvK 12345678 - BTW-nummer NL001234567B01", {
      size: 8,
      align: "center",
    });
    pen.text(60, 120, "Factuur aan", { size: 8 });
    lines(pen, 60, 134, data.customer, { size: 10, pitch: 13 });
    pen.text(60, 205, "Factuur", { size: 18 });
    const fields: readonly (readonly [string, string])[] = [
      ["Factuurnummer", data.number],
      ["Factuurdatum", words(data.issueDate)],
      ["Vervaldatum", words(data.dueDate)],
    ];
    fields.forEach(([label, value], at) => {
      pen.text(330, 195 + at * 15, label);
      pen.text(430, 195 + at * 15, value);
    });
    const y = table(
      pen,
      data.items,
      [
        { heading: "Aantal", x: 60, cell: (item) => item.quantity },
        { heading: "Omschrijving", x: 110, cell: (item) => item.description },
        { heading: "Prijs", x: 400, align: "right", cell: (item) => euro(item.unitPrice) },
        { heading: "BTW", x: 450, align: "right", cell: (item) => `${item.taxRatePercent}%` },
        { heading: "Totaal", x: 540, align: "right", cell: (item) => euro(item.amount) },
      ],
      { top: 265, size: 10, pitch: 18 },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Subtotaal", euro(data.net)],
      [`${itemAt(data.taxLines, 0).ratePercent}% BTW`, euro(data.tax)],
      ["Totaal incl. BTW", euro(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(60, y + 20 + at * 16, label, { size: 10, bold: at === 2 });
      pen.text(260, y + 20 + at * 16, value, { size: 10, bold: at === 2, align: "right" });
    });
    pen.text(60, 740, `Gelieve te betalen op ${grouped(data.iban)} t.n.v. ${data.supplier}`, { size: 9 });
  },
};

/** Labels above values in a ruled grid, spaces as group marks, ISO dates with dashes day first. */
const portugueseGrid: InvoiceLayout = {
  id: "pt-grid",
  isHeldOut: true,
  profile: portuguese,
  draw(pen, data) {
    const euro = money({ group: " ", decimal: "," }, "", " €");
    const plain = money({ group: " ", decimal: "," });
    pen.text(50, 60, data.supplier, { size: 14, bold: true, serif: true });
    lines(pen, 50, 76, ["Rua do Comercio 45", "1100-150 Lisboa", "NIF 501234567"], { serif: true });
    pen.text(350, 76, "Exmo(s) Sr(s)", { serif: true });
    lines(pen, 350, 90, data.customer, { serif: true, size: 10, pitch: 13 });
    pen.text(50, 160, "Fatura", { size: 18, serif: true });
    const fields: readonly (readonly [string, string])[] = [
      ["Fatura n.º", data.number],
      ["Data de emissão", dashed(data.issueDate)],
      ["Data de vencimento", dashed(data.dueDate)],
    ];
    pen.box(50, 175, 545, 212);
    fields.forEach(([label, value], at) => {
      pen.text(60 + at * 165, 188, label, { serif: true, size: 8, bold: true });
      pen.text(60 + at * 165, 204, value, { serif: true, size: 10 });
    });
    const y = table(
      pen,
      data.items,
      [
        { heading: "Descrição", x: 54, cell: (item) => item.description },
        { heading: "Preço unitário", x: 330, align: "right", cell: (item) => plain(item.unitPrice) },
        { heading: "Quantidade", x: 410, align: "right", cell: (item) => item.quantity },
        { heading: "IVA", x: 455, align: "right", cell: (item) => `${item.taxRatePercent}%` },
        { heading: "Valor", x: 540, align: "right", cell: (item) => plain(item.amount) },
      ],
      { top: 245, serif: true, size: 10, pitch: 17, rules: "all" },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Total ilíquido", euro(data.net)],
      ["Total IVA", euro(data.tax)],
      ["Total a pagar", euro(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(440, y + 16 + at * 17, label, { serif: true, size: 10, align: "right", bold: at === 2 });
      pen.text(540, y + 16 + at * 17, value, { serif: true, size: 10, align: "right", bold: at === 2 });
    });
    pen.text(50, 760, `Pagamento por transferência bancária. IBAN ${grouped(data.iban)}`, { serif: true });
  },
};

/** Two pages, Indian grouping, two taxes of half the rate each, amounts marked Rs. */
const indianLong: InvoiceLayout = {
  id: "in-two-pages",
  isHeldOut: true,
  profile: indian,
  draw(pen, data) {
    const format = { group: ",", decimal: ".", isIndian: true };
    const plain = money(format);
    const rupees = money(format, "Rs. ");
    const words = withMonthName(
      englishMonths.map((name) => name.slice(0, 3)),
      (day, month, year) => `${String(day).padStart(2, "0")}-${month}-${year}`,
    );
    pen.text(297, 50, "TAX INVOICE", { size: 12, bold: true, align: "center" });
    pen.text(297, 72, data.supplier, { size: 16, bold: true, align: "center" });
    pen.text(297, 86, "Plot 22, Industrial Area, Hyderabad 500018 | GSTIN 36AABCS1429B1ZX", {
      size: 8,
      align: "center",
    });
    pen.text(50, 115, `Invoice No. : ${data.number}`, {});
    pen.text(545, 115, `Dated : ${words(data.issueDate)}`, { align: "right" });
    pen.text(545, 129, `Due Date : ${words(data.dueDate)}`, { align: "right" });
    pen.text(50, 145, "Buyer", { bold: true });
    lines(pen, 50, 158, data.customer, {});
    const y = table(
      pen,
      data.items,
      [
        { heading: "S.No", x: 50, cell: (_, index) => String(index + 1) },
        { heading: "Particulars", x: 85, cell: (item) => item.description },
        { heading: "HSN", x: 270, cell: (_, index) => String(5200 + index * 3) },
        { heading: "Qty", x: 350, align: "right", cell: (item) => item.quantity },
        { heading: "Rate", x: 440, align: "right", cell: (item) => plain(item.unitPrice) },
        { heading: "Amount", x: 545, align: "right", cell: (item) => plain(item.amount) },
      ],
      { top: 215, pitch: 20, bottom: 560, nextTop: 90, rules: "head", onPageStart: (_, at) => at },
    );
    const half = itemAt(data.taxLines, 0);
    const first = (BigInt(half.tax.replace(".", "")) / 2n).toString().padStart(3, "0");
    const second = (BigInt(half.tax.replace(".", "")) - BigInt(first)).toString().padStart(3, "0");
    const cents = (value: string): string => `${value.slice(0, -2)}.${value.slice(-2)}`;
    const sums: readonly (readonly [string, string])[] = [
      ["Taxable Value", rupees(data.net)],
      ["CGST @ 9%", rupees(cents(first))],
      ["SGST @ 9%", rupees(cents(second))],
      ["Grand Total", rupees(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(380, y + 14 + at * 17, label, { bold: at === 3 });
      pen.text(545, y + 14 + at * 17, value, { bold: at === 3, align: "right" });
    });
    pen.text(545, y + 120, `For ${data.supplier}`, { align: "right" });
    pen.text(545, y + 160, "Authorised Signatory", { align: "right" });
  },
};

/** English in euros, ISO dates, a list of labels with the values below each, totals on the left. */
const irishList: InvoiceLayout = {
  id: "ie-list",
  isHeldOut: true,
  profile: irish,
  draw(pen, data) {
    const euro = money({ group: ",", decimal: "." }, "€");
    pen.text(60, 70, "Invoice", { size: 28, bold: true });
    lines(pen, 545, 62, [data.supplier], { size: 12, bold: true, align: "right" });
    lines(pen, 545, 77, ["4 Market Square, Ennis", "VAT number IE1234567T"], { size: 9, align: "right" });
    const fields: readonly (readonly [string, string])[] = [
      ["Invoice reference", data.number],
      ["Issued on", isoFormat(data.issueDate)],
      ["Pay by", isoFormat(data.dueDate)],
    ];
    fields.forEach(([label, value], at) => {
      pen.text(60, 120 + at * 34, label, { size: 8, bold: true });
      pen.text(60, 134 + at * 34, value, { size: 10 });
    });
    pen.text(330, 120, "Billed to", { size: 8, bold: true });
    lines(pen, 330, 134, data.customer, { size: 10, pitch: 13 });
    const y = table(
      pen,
      data.items,
      [
        { heading: "Service", x: 60, cell: (item) => item.description },
        { heading: "Price", x: 330, align: "right", cell: (item) => euro(item.unitPrice) },
        { heading: "Units", x: 410, align: "right", cell: (item) => item.quantity },
        { heading: "Line total", x: 545, align: "right", cell: (item) => euro(item.amount) },
      ],
      { top: 260, size: 10, pitch: 20, rules: "none" },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Total excluding VAT", euro(data.net)],
      [`VAT at ${itemAt(data.taxLines, 0).ratePercent}%`, euro(data.tax)],
      ["Amount due", euro(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(60, y + 24 + at * 18, label, { size: 10, bold: at === 2 });
      pen.text(230, y + 24 + at * 18, value, { size: 10, bold: at === 2 });
    });
    lines(pen, 60, 730, [`Pay to ${data.supplier}`, `IBAN ${data.iban ?? ""}`], { size: 9 });
  },
};

export const heldOutLayouts: readonly InvoiceLayout[] = [dutchLeft, portugueseGrid, indianLong, irishList];
