import {
  dotted,
  dottedShort,
  englishMonths,
  germanMonths,
  slashedDayFirst,
  slashedMonthFirst,
  spanishMonths,
  withMonthName,
} from "./formats.ts";
import { grouped, type InvoiceLayout, lines, money, sumOf, table } from "./layout.ts";
import { itemAt } from "./invoice-data.ts";
import { american, british, french, german, italian, spanish, swiss } from "./profiles.ts";

const continental = { group: ".", decimal: "," };

/** DIN letter: small sender line, block of labels on the right, totals under the amounts, three columns of footer. */
const germanLetter: InvoiceLayout = {
  id: "de-letter",
  isHeldOut: false,
  profile: german,
  draw(pen, data) {
    const euro = money(continental, "", " €");
    pen.text(60, 60, data.supplier, { size: 18, bold: true });
    pen.text(60, 120, `${data.supplier} · Industriestraße 5 · 10115 Berlin`, { size: 7 });
    lines(pen, 60, 140, data.customer, { size: 10, pitch: 13 });
    const labels: readonly (readonly [string, string])[] = [
      ["Rechnungsnummer:", data.number],
      ["Rechnungsdatum:", dotted(data.issueDate)],
      ["Kundennummer:", "10482"],
      ["Fällig am:", dotted(data.dueDate)],
    ];
    labels.forEach(([label, value], at) => {
      pen.text(360, 140 + at * 14, label);
      pen.text(535, 140 + at * 14, value, { align: "right" });
    });
    pen.text(60, 240, "Rechnung", { size: 16, bold: true });
    pen.text(60, 262, "Vielen Dank für Ihren Auftrag. Wir berechnen Ihnen:");
    const y = table(
      pen,
      data.items,
      [
        { heading: "Pos.", x: 60, cell: (_, index) => String(index + 1) },
        { heading: "Bezeichnung", x: 90, cell: (item) => item.description },
        { heading: "Menge", x: 350, align: "right", cell: (item) => item.quantity },
        { heading: "Einzelpreis", x: 440, align: "right", cell: (item) => euro(item.unitPrice) },
        { heading: "Gesamt", x: 535, align: "right", cell: (item) => euro(item.amount) },
      ],
      { top: 290, rules: "all" },
    );
    const sums: readonly (readonly [string, string, boolean])[] = [
      ["Nettobetrag", euro(data.net), false],
      [`zzgl. ${itemAt(data.taxLines, 0).ratePercent} % MwSt.`, euro(data.tax), false],
      ["Gesamtbetrag", euro(data.total), true],
    ];
    sums.forEach(([label, value, bold], at) => {
      pen.text(440, y + 14 + at * 16, label, { align: "right", bold });
      pen.text(535, y + 14 + at * 16, value, { align: "right", bold });
    });
    pen.rule(60, 770, 535, 0.4);
    lines(pen, 60, 782, [data.supplier, "Industriestraße 5", "10115 Berlin"], { size: 7, pitch: 9 });
    lines(pen, 230, 782, ["Amtsgericht Berlin HRB 104822", "USt-IdNr. DE287654321", "Telefon 030 5550134"], {
      size: 7,
      pitch: 9,
    });
    lines(pen, 380, 782, ["Beispielbank Berlin", `IBAN ${grouped(data.iban)}`, "BIC BELADEBEXXX"], {
      size: 7,
      pitch: 9,
    });
  },
};

/** Labels above values in a grey band, company upper left, month-first dates. */
const americanBand: InvoiceLayout = {
  id: "us-band",
  isHeldOut: false,
  profile: american,
  draw(pen, data) {
    const dollar = money({ group: ",", decimal: "." }, "$");
    pen.text(50, 70, data.supplier, { size: 15, bold: true });
    lines(pen, 50, 86, ["1200 Harbor Drive, Suite 4", "Portland, OR 97201", "(503) 555-0142"], { size: 9 });
    pen.text(545, 74, "INVOICE", { size: 26, bold: true, align: "right" });
    pen.box(50, 140, 545, 178, 0.92);
    const fields: readonly (readonly [string, string])[] = [
      ["Invoice #", data.number],
      ["Date", slashedMonthFirst(data.issueDate)],
      ["Due Date", slashedMonthFirst(data.dueDate)],
      ["Terms", "Net"],
    ];
    fields.forEach(([label, value], at) => {
      pen.text(60 + at * 125, 154, label, { size: 8, bold: true });
      pen.text(60 + at * 125, 170, value, { size: 10 });
    });
    pen.text(50, 205, "Bill To", { size: 9, bold: true });
    lines(pen, 50, 219, data.customer, { size: 10, pitch: 13 });
    const y = table(
      pen,
      data.items,
      [
        { heading: "Description", x: 54, cell: (item) => item.description },
        { heading: "Qty", x: 340, align: "center", cell: (item) => item.quantity },
        { heading: "Rate", x: 440, align: "right", cell: (item) => dollar(item.unitPrice) },
        { heading: "Amount", x: 541, align: "right", cell: (item) => dollar(item.amount) },
      ],
      { top: 290, size: 10, pitch: 19 },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Subtotal", dollar(data.net)],
      [`Sales Tax (${itemAt(data.taxLines, 0).ratePercent}%)`, dollar(data.tax)],
      ["Total Due", dollar(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(380, y + 20 + at * 18, label, { size: 10, bold: at === 2 });
      pen.text(541, y + 20 + at * 18, value, { size: 10, bold: at === 2, align: "right" });
    });
    pen.text(50, 760, "Please make checks payable to the company name above. Thank you for your business!", {
      size: 8,
    });
  },
};

/** Serif, everything in sentences, boxed totals, VAT column. */
const frenchSerif: InvoiceLayout = {
  id: "fr-serif",
  isHeldOut: false,
  profile: french,
  draw(pen, data) {
    const euro = money({ group: " ", decimal: "," }, "", " €");
    const plain = money({ group: " ", decimal: "," });
    const serif = { serif: true, size: 10 } as const;
    lines(pen, 60, 60, [data.supplier], { serif: true, size: 16, bold: true });
    lines(pen, 60, 78, ["8 rue des Artisans", "44000 Nantes", "SIRET 812 345 678 00014"], { ...serif, pitch: 12 });
    pen.text(330, 130, "Facturé à :", { ...serif, bold: true });
    lines(pen, 330, 144, data.customer, { ...serif, pitch: 13 });
    pen.text(60, 210, `FACTURE N° ${data.number}`, { serif: true, size: 14, bold: true });
    pen.text(60, 228, `Date : ${slashedDayFirst(data.issueDate)}`, serif);
    pen.text(60, 242, `Date d'échéance : ${slashedDayFirst(data.dueDate)}`, serif);
    const y = table(
      pen,
      data.items,
      [
        { heading: "Désignation", x: 60, cell: (item) => item.description },
        { heading: "Qté", x: 310, align: "right", cell: (item) => item.quantity },
        { heading: "P.U. HT", x: 390, align: "right", cell: (item) => plain(item.unitPrice) },
        { heading: "TVA", x: 440, align: "right", cell: (item) => `${item.taxRatePercent} %` },
        { heading: "Total HT", x: 535, align: "right", cell: (item) => plain(item.amount) },
      ],
      { top: 280, ...serif, pitch: 17 },
    );
    pen.box(340, y + 10, 540, y + 70);
    const sums: readonly (readonly [string, string])[] = [
      ["Total HT", euro(data.net)],
      [`TVA ${itemAt(data.taxLines, 0).ratePercent} %`, euro(data.tax)],
      ["Total TTC", euro(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(350, y + 26 + at * 18, label, { ...serif, bold: at === 2 });
      pen.text(532, y + 26 + at * 18, value, { ...serif, bold: at === 2, align: "right" });
    });
    pen.text(60, y + 110, `Règlement par virement : IBAN ${grouped(data.iban)}`, serif);
    pen.text(60, 780, "TVA intracommunautaire FR 32 812345678 - En cas de retard, indemnité forfaitaire de 40 €.", {
      serif: true,
      size: 8,
    });
  },
};

/** Company upper right, dates in words, VAT rate per line, totals with a wide gap. */
const britishRight: InvoiceLayout = {
  id: "gb-right",
  isHeldOut: false,
  profile: british,
  draw(pen, data) {
    const pound = money({ group: ",", decimal: "." }, "£");
    const plain = money({ group: ",", decimal: "." });
    const words = withMonthName(englishMonths, (day, month, year) => `${day} ${month} ${year}`);
    pen.text(545, 60, data.supplier, { size: 14, bold: true, align: "right" });
    lines(pen, 545, 76, ["Unit 7, Riverside Park", "Reading RG2 0QX", "VAT Reg No. GB 123 4567 89"], {
      size: 8,
      align: "right",
      pitch: 11,
    });
    pen.text(50, 130, "Invoice to", { size: 8, bold: true });
    lines(pen, 50, 143, data.customer, { size: 10, pitch: 13 });
    pen.text(50, 215, "SALES INVOICE", { size: 13, bold: true });
    const fields: readonly (readonly [string, string])[] = [
      ["Invoice No:", data.number],
      ["Invoice Date:", words(data.issueDate)],
      ["Payment Due:", words(data.dueDate)],
      ["Your Order:", "PO 7713"],
    ];
    fields.forEach(([label, value], at) => {
      pen.text(50, 236 + at * 14, label, { bold: true });
      pen.text(130, 236 + at * 14, value);
    });
    const y = table(
      pen,
      data.items,
      [
        { heading: "Item", x: 50, cell: (item) => item.description },
        { heading: "Quantity", x: 270, align: "right", cell: (item) => item.quantity },
        { heading: "Unit Price", x: 350, align: "right", cell: (item) => plain(item.unitPrice) },
        { heading: "VAT %", x: 420, align: "right", cell: (item) => item.taxRatePercent },
        { heading: "Net Amount", x: 545, align: "right", cell: (item) => plain(item.amount) },
      ],
      { top: 320, rules: "head", headingBold: true },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Net total", pound(data.net)],
      ["VAT", pound(data.tax)],
      ["TOTAL TO PAY", pound(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(300, y + 16 + at * 17, label, { bold: at === 2 });
      pen.text(545, y + 16 + at * 17, value, { bold: at === 2, align: "right" });
    });
    lines(
      pen,
      50,
      740,
      ["Bank details", `Account name: ${data.supplier}`, `IBAN: ${grouped(data.iban)}`, "Sort code 60-11-22"],
      { size: 8, pitch: 11 },
    );
  },
};

/** Quantity first, labels above values on the right, totals as a column of boxes. */
const spanishColumns: InvoiceLayout = {
  id: "es-columns",
  isHeldOut: false,
  profile: spanish,
  draw(pen, data) {
    const euro = money(continental, "", " €");
    const words = withMonthName(spanishMonths, (day, month, year) => `${day} de ${month} de ${year}`);
    pen.text(50, 65, "FACTURA", { size: 22, bold: true });
    lines(pen, 50, 95, [data.supplier, "CIF B12345674", "Poligono Norte, nave 3", "46010 Valencia"], { size: 9 });
    pen.text(330, 95, "Cliente:", { bold: true });
    lines(pen, 330, 108, data.customer, { size: 9 });
    pen.text(50, 170, "Nº de factura", { size: 8, bold: true });
    pen.text(50, 184, data.number, { size: 11 });
    pen.text(200, 170, "Fecha de emisión", { size: 8, bold: true });
    pen.text(200, 184, words(data.issueDate), { size: 11 });
    pen.text(380, 170, "Vencimiento", { size: 8, bold: true });
    pen.text(380, 184, words(data.dueDate), { size: 11 });
    const y = table(
      pen,
      data.items,
      [
        { heading: "Cantidad", x: 50, cell: (item) => item.quantity },
        { heading: "Descripción", x: 115, cell: (item) => item.description },
        { heading: "Precio", x: 430, align: "right", cell: (item) => euro(item.unitPrice) },
        { heading: "Importe", x: 540, align: "right", cell: (item) => euro(item.amount) },
      ],
      { top: 225, pitch: 18, rules: "all" },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Base imponible", euro(data.net)],
      [`IVA ${itemAt(data.taxLines, 0).ratePercent}%`, euro(data.tax)],
      ["Total factura", euro(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.box(360, y + 8 + at * 20, 545, y + 28 + at * 20);
      pen.text(368, y + 22 + at * 20, label, { bold: at === 2 });
      pen.text(538, y + 22 + at * 20, value, { bold: at === 2, align: "right" });
    });
    pen.text(50, 770, `Forma de pago: transferencia a ${grouped(data.iban)}`, { size: 9 });
  },
};

/** Apostrophes in numbers, currency in the headings only, short dates. */
const swissPlain: InvoiceLayout = {
  id: "ch-plain",
  isHeldOut: false,
  profile: swiss,
  draw(pen, data) {
    const plain = money({ group: "'", decimal: "." });
    const words = withMonthName(germanMonths, (day, month, year) => `${day}. ${month} ${year}`);
    lines(pen, 70, 60, [data.supplier], { size: 12, bold: true });
    lines(pen, 70, 74, ["Seestrasse 40", "8002 Zürich", "CHE-123.456.789 MWST"], { size: 9 });
    lines(pen, 350, 130, data.customer, { size: 10, pitch: 13 });
    pen.text(70, 200, `Zürich, ${words(data.issueDate)}`, { size: 10 });
    pen.text(70, 235, `Rechnung Nr. ${data.number}`, { size: 14, bold: true });
    const y = table(
      pen,
      data.items,
      [
        { heading: "Leistung", x: 70, cell: (item) => item.description },
        { heading: "Anzahl", x: 330, align: "right", cell: (item) => item.quantity },
        { heading: "Preis", x: 420, align: "right", cell: (item) => plain(item.unitPrice) },
        { heading: "Betrag CHF", x: 530, align: "right", cell: (item) => plain(item.amount) },
      ],
      { top: 270, size: 10, pitch: 17 },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Zwischensumme", plain(data.net)],
      [`MWST ${itemAt(data.taxLines, 0).ratePercent} %`, plain(data.tax)],
      ["Rechnungsbetrag CHF", plain(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(70, y + 12 + at * 17, label, { size: 10, bold: at === 2 });
      pen.text(530, y + 12 + at * 17, value, { size: 10, bold: at === 2, align: "right" });
    });
    pen.text(70, y + 90, `Zahlbar bis ${dottedShort(data.dueDate)} auf IBAN ${grouped(data.iban)}`, { size: 10 });
    pen.text(70, y + 108, `Freundliche Grüsse, ${data.supplier}`, { size: 10 });
  },
};

/** Article codes, totals in one row with the labels above. */
const italianRow: InvoiceLayout = {
  id: "it-row",
  isHeldOut: false,
  profile: italian,
  draw(pen, data) {
    const euro = money(continental, "€ ");
    const plain = money(continental);
    pen.text(50, 60, data.supplier, { size: 16, bold: true });
    lines(pen, 50, 76, ["Via dell'Industria 14 - 41100 Modena", "P.IVA 01234567890 - C.F. 01234567890"], {
      size: 8,
      pitch: 11,
    });
    pen.box(330, 100, 545, 165);
    pen.text(336, 112, "Spett.le", { size: 8 });
    lines(pen, 336, 126, data.customer, { size: 10, pitch: 13 });
    const fields: readonly (readonly [string, string])[] = [
      ["Fattura n.", data.number],
      ["Data", slashedDayFirst(data.issueDate)],
      ["Scadenza", slashedDayFirst(data.dueDate)],
    ];
    fields.forEach(([label, value], at) => {
      pen.text(50, 115 + at * 16, label, { bold: true });
      pen.text(120, 115 + at * 16, value);
    });
    table(
      pen,
      data.items,
      [
        { heading: "Codice", x: 50, cell: (_, index) => `AR${100 + index * 7}` },
        { heading: "Descrizione", x: 110, cell: (item) => item.description },
        { heading: "Q.tà", x: 330, align: "right", cell: (item) => item.quantity },
        { heading: "Prezzo unit.", x: 410, align: "right", cell: (item) => plain(item.unitPrice) },
        { heading: "IVA %", x: 460, align: "right", cell: (item) => item.taxRatePercent },
        { heading: "Importo", x: 545, align: "right", cell: (item) => plain(item.amount) },
      ],
      { top: 200, rules: "head" },
    );
    pen.box(50, 640, 545, 690);
    const sums: readonly (readonly [string, string])[] = [
      ["Imponibile", euro(data.net)],
      ["Totale IVA", euro(data.tax)],
      ["Totale documento", euro(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(60 + at * 170, 656, label, { size: 8 });
      pen.text(60 + at * 170, 676, value, { size: 11, bold: at === 2 });
    });
    pen.text(50, 720, `Coordinate bancarie: IBAN ${grouped(data.iban)}`, { size: 9 });
  },
};

/** Two pages without repeated headings, carried-forward lines, two tax rates. */
const germanLong: InvoiceLayout = {
  id: "de-two-pages",
  isHeldOut: false,
  profile: { ...german, taxRates: [7, 19], itemCount: [26, 34], number: (random) => `${random.int(20_000, 99_999)}` },
  draw(pen, data) {
    const plain = money(continental);
    pen.text(535, 60, data.supplier, { size: 13, bold: true, align: "right" });
    lines(pen, 535, 75, ["Hafenweg 11", "20457 Hamburg"], { align: "right" });
    lines(pen, 60, 110, data.customer, { size: 10, pitch: 13 });
    pen.text(60, 190, `RECHNUNG ${data.number}`, { size: 14, bold: true });
    pen.text(60, 206, `Datum: ${dotted(data.issueDate)}`, {});
    pen.text(250, 206, `Lieferdatum: ${dotted(data.issueDate)}`, {});
    const y = table(
      pen,
      data.items,
      [
        { heading: "Nr.", x: 60, cell: (_, index) => String(index + 1) },
        { heading: "Artikel", x: 90, cell: (item) => item.description },
        { heading: "Stk", x: 330, align: "right", cell: (item) => item.quantity },
        { heading: "E-Preis", x: 400, align: "right", cell: (item) => plain(item.unitPrice) },
        { heading: "MwSt %", x: 455, align: "right", cell: (item) => item.taxRatePercent },
        { heading: "Summe EUR", x: 535, align: "right", cell: (item) => plain(item.amount) },
      ],
      {
        top: 235,
        bottom: 600,
        repeatHeading: false,
        rules: "none",
        onPageEnd: (page, at, count) => {
          page.text(90, at, "Übertrag");
          page.text(535, at, plain(sumOf(data.items.slice(0, count))), { align: "right" });
          page.text(297, 800, "Seite 1 von 2", { size: 8, align: "center" });
          return at;
        },
        onPageStart: (page, at, count) => {
          page.text(90, at, "Übertrag von Seite 1");
          page.text(535, at, plain(sumOf(data.items.slice(0, count))), { align: "right" });
          return at + 16;
        },
      },
    );
    const sums: readonly (readonly [string, string])[] = [
      ["Summe netto", plain(data.net)],
      ...data.taxLines.map((line) => [`USt. ${line.ratePercent} % auf ${plain(line.base)}`, plain(line.tax)] as const),
      ["Endbetrag EUR", plain(data.total)],
    ];
    sums.forEach(([label, value], at) => {
      pen.text(330, y + 12 + at * 16, label, { bold: at === sums.length - 1 });
      pen.text(535, y + 12 + at * 16, value, { bold: at === sums.length - 1, align: "right" });
    });
    pen.text(60, y + 100, `Zahlungsziel: ${dotted(data.dueDate)}, IBAN: ${grouped(data.iban)}`);
    pen.text(60, y + 114, `Kontoinhaber: ${data.supplier}`);
  },
};

export const tunedLayouts: readonly InvoiceLayout[] = [
  germanLetter,
  americanBand,
  frenchSerif,
  britishRight,
  spanishColumns,
  swissPlain,
  italianRow,
  germanLong,
];
