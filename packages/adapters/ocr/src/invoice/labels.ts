// A table: longer than other files.
import { createPhraseMatcher, type PhraseTable } from "./phrase-match.ts";

/** What a label announces. Meanings we read no field for keep their values from being taken for another field. */
export type LabelMeaning =
  | "number"
  | "title"
  | "issueDate"
  | "anyDate"
  | "dueDate"
  | "otherDate"
  | "net"
  | "tax"
  | "total"
  | "weakTotal"
  | "discount"
  | "shipping"
  | "prepaid"
  | "carry"
  | "supplier"
  | "recipient"
  | "otherNumber";

function list(phrases: string): readonly string[] {
  return phrases.split(",").map((phrase) => phrase.trim());
}

/** Labels in English, German, French, Spanish, Italian, Dutch and Portuguese. Accents and punctuation do not matter. */
const labels: PhraseTable<LabelMeaning> = {
  number: list(`
    invoice number, invoice no, invoice nr, invoice #, invoice id, invoice ref, invoice reference, inv no, inv #,
    inv number, bill number, bill no, tax invoice no, tax invoice number, tax invoice #, document number, document
    no, credit note no, rechnungsnummer, rechnungsnr, rechnung nr, rechnung nummer, rechnung no, re nr, rg nr, rechn
    nr, belegnummer, beleg nr, rechnungs nr, numero de facture, facture n, facture no, facture nr, facture numero, n
    de facture, n facture, no facture, no de facture, reference facture, num facture, numero de factura, n de
    factura, no de factura, factura n, factura no, factura num, num factura, factura numero, n factura, no factura,
    numero factura, numero fattura, fattura n, fattura no, fattura nr, fattura numero, n fattura, numero documento,
    nr fattura, fattura num, factuurnummer, factuur nr, factuur nummer, factuurnr, factuur no, numero da fatura,
    fatura n, fatura no, fatura nr, fatura numero, n da fatura, no da fatura, numero de fatura, n fatura, numero
    fatura
  `),
  title: list(`
    invoice, tax invoice, vat invoice, commercial invoice, sales invoice, bill, rechnung, facture, factura, fattura,
    factuur, fatura, fatura recibo, rechnung original
  `),
  issueDate: list(`
    invoice date, date of invoice, issue date, date of issue, date issued, issued on, issued, bill date, invoice
    dated, dated, tax point, rechnungsdatum, ausstellungsdatum, belegdatum, rechnung vom, rechnungs datum, date de
    facture, date de la facture, date facture, date d'emission, date emission, emise le, date de facturation, fecha
    de factura, fecha factura, fecha de emision, fecha emision, fecha de expedicion, fecha de la factura, data
    fattura, data della fattura, data di emissione, data emissione, data documento, factuurdatum, datum factuur,
    data da fatura, data de emissao, data emissao, data fatura, emitida em, data de faturacao
  `),
  anyDate: list(`
    date, datum, fecha, data
  `),
  dueDate: list(`
    due date, payment due, payment due date, due, due on, due by, pay by, please pay by, payable by, date due,
    payment due by, payment date, payable until, falligkeitsdatum, faelligkeitsdatum, fallig am, faellig am, fallig,
    falligkeit, zahlbar bis, zahlungsziel, zu zahlen bis, zahlung bis, zahlbar bis zum, zahlungstermin, fallig bis,
    echeance, date d'echeance, date echeance, a payer avant le, payable avant le, date limite de paiement, a regler
    avant le, a regler le, payable le, echeance le, vencimiento, fecha de vencimiento, fecha vencimiento, pagar
    antes de, pagar antes del, vence el, scadenza, data scadenza, data di scadenza, scadenza pagamento, scadenza il,
    vervaldatum, uiterste betaaldatum, te betalen voor, betalen voor, vervalt op, betaaldatum, uiterlijk te betalen,
    vencimento, data de vencimento, data vencimento, data limite de pagamento, pagar ate, vence em
  `),
  otherDate: list(`
    delivery date, order date, ship date, date of supply, service date, shipping date, date of delivery, po date,
    lieferdatum, leistungsdatum, bestelldatum, auftragsdatum, leistungszeitraum, versanddatum, liefertermin, date de
    livraison, date de commande, date de prestation, livraison le, fecha de entrega, fecha de pedido, fecha pedido,
    fecha de operacion, data di consegna, data ordine, data consegna, data ddt, leverdatum, besteldatum,
    leveringsdatum, orderdatum, data de entrega, data da encomenda, data de carga
  `),
  net: list(`
    subtotal, sub total, net, net total, total net, net amount, amount excl vat, total excl vat, total excluding
    vat, taxable amount, taxable value, total before tax, net value, amount before tax, subtotal excl vat, total ex
    vat, net subtotal, total excl tax, total taxable value, total exclusive of vat, nettobetrag, netto, summe netto,
    zwischensumme, gesamt netto, nettosumme, gesamtbetrag netto, rechnungsbetrag netto, warenwert netto,
    gesamtnetto, netto gesamt, warenwert, netto summe, total netto, total exkl mwst, zwischensumme netto,
    nettowarenwert, total ht, montant ht, sous total, total hors taxes, sous total ht, total net ht, base ht,
    montant total ht, montant hors taxes, total general ht, base imponible, importe neto, total neto, total sin iva,
    suma, importe sin iva, total bruto, imponibile, totale imponibile, subtotale, totale netto, totale merce, base
    imponibile, importo netto, subtotaal, totaal excl btw, bedrag excl btw, totaal exclusief btw, netto bedrag,
    totaal netto, subtotaal excl btw, exclusief btw, total iliquido, valor liquido, base tributavel, total sem iva,
    incidencia, total liquido, base de incidencia, valor sem iva
  `),
  tax: list(`
    vat, tax, sales tax, gst, cgst, sgst, igst, hst, pst, vat amount, total vat, tax amount, total tax, plus vat,
    add vat, output vat, vat total, vat at, vat @, cgst @, sgst @, igst @, mwst, ust, umsatzsteuer, mehrwertsteuer,
    mwst betrag, ust betrag, steuerbetrag, zzgl mwst, zzgl ust, zuzuglich mwst, zuzuglich ust, enthaltene mwst, zzgl
    umsatzsteuer, zzgl mehrwertsteuer, gesetzl mwst, zuzgl mwst, tva, montant tva, total tva, dont tva, montant de
    la tva, montant total tva, iva, cuota iva, importe iva, total iva, cuota, importe del iva, imposta, totale iva,
    imposta iva, totale imposta, importo iva, btw, btw bedrag, totaal btw, btw hoog, btw laag, valor iva, imposto,
    total de iva, valor do iva
  `),
  total: list(`
    grand total, total due, amount due, total amount due, balance due, invoice total, total payable, amount payable,
    total incl vat, total including vat, total inc vat, total amount, total to pay, total incl tax, total inclusive
    of vat, total amount payable, please pay, amount to pay, net payable, total gross, gross total, gross amount,
    total invoice value, invoice value, total invoice amount, gesamtbetrag, rechnungsbetrag, endbetrag, gesamtsumme,
    summe brutto, bruttobetrag, zu zahlen, zu zahlender betrag, zahlbetrag, gesamt brutto, rechnungstotal,
    gesamtbetrag brutto, rechnungssumme, bruttosumme, rechnungsbetrag brutto, total inkl mwst, gesamtbetrag inkl
    mwst, endsumme, brutto, total ttc, montant ttc, net a payer, total a payer, montant total ttc, montant total,
    total toutes taxes comprises, montant a payer, net a payer ttc, total factura, total a pagar, importe total,
    total con iva, total iva incluido, liquido a pagar, total de la factura, totale fattura, totale documento,
    totale da pagare, totale a pagare, importo totale, netto a pagare, totale dovuto, totale fattura iva inclusa,
    totaal incl btw, totaal te betalen, te betalen, totaalbedrag, totaal inclusief btw, te betalen bedrag,
    factuurbedrag, factuurtotaal, inclusief btw, total da fatura, valor total, total com iva, total geral, montante
    total, valor a pagar, total documento, total do documento
  `),
  weakTotal: list(`
    total, totale, totaal, summe, gesamt
  `),
  discount: list(`
    discount, less discount, rabatt, nachlass, remise, descuento, dto, sconto, korting, desconto
  `),
  shipping: list(`
    shipping, freight, delivery charge, postage, shipping and handling, carriage, versand, versandkosten, fracht,
    frachtkosten, porto, frais de port, port, livraison, gastos de envio, envio, portes, spedizione, spese di
    spedizione, trasporto, verzendkosten, portes de envio
  `),
  prepaid: list(`
    deposit, paid, amount paid, less deposit, anzahlung, bereits bezahlt, acompte, deja paye, anticipo, acconto,
    aanbetaling, adiantamento
  `),
  carry: list(`
    carried forward, brought forward, ubertrag, uebertrag, a reporter, report, suma y sigue, suma anterior, riporto,
    a riportare, transporteren, a transportar, transporte
  `),
  supplier: list(`
    from, seller, supplier, vendor, issued by, billed by, account holder, account name, beneficiary, payable to,
    verkaufer, lieferant, rechnungssteller, kontoinhaber, aussteller, emetteur, vendeur, fournisseur, titulaire,
    titulaire du compte, beneficiaire, vendedor, emisor, proveedor, titular, beneficiario, fornitore, cedente,
    mittente, intestato a, cedente prestatore, leverancier, verkoper, ten name van, tnv, afzender, fornecedor,
    emitente, titular da conta
  `),
  recipient: list(`
    bill to, billed to, invoice to, sold to, ship to, customer, client, attention, buyer, deliver to, invoiced to,
    to, rechnung an, rechnungsempfanger, kunde, empfanger, rechnungsadresse, lieferadresse, facture a, facturer a,
    destinataire, adresse de facturation, adresse de livraison, adresse a, facturar a, cliente, datos del cliente,
    facturado a, intestatario, destinatario, spett le, spettabile, cessionario, intestato, aan, factuuradres, klant,
    factuur aan, gefactureerd aan, faturar a, exmo sr, exmos srs, adquirente, faturado a
  `),
  otherNumber: list(`
    customer number, customer no, customer id, client no, client id, account number, account no, account, order
    number, order no, order #, your order, po number, po no, po #, purchase order, vat number, vat no, vat id, vat
    reg no, vat registration, vat registration number, tax id, gstin, gst no, company no, company number, company
    registration, registration no, reg no, phone, tel, telephone, fax, ein, sort code, bic, swift, delivery note no,
    pan, abn, job no, project no, quote no, customer ref, your ref, our ref, contract no, routing, routing no, ifsc,
    mobile, eori, kundennummer, kundennr, kunden nr, bestellnummer, bestell nr, auftragsnummer, auftrags nr,
    lieferscheinnummer, lieferschein nr, steuernummer, steuer nr, st nr, ust idnr, ust id, ust id nr, ustid, hrb,
    telefon, ihre bestellung, mwst nr, uid, uid nr, projektnummer, angebotsnummer, vertragsnummer, amtsgericht,
    handelsregister, ihr zeichen, unser zeichen, n client, numero client, numero de client, n de commande, commande
    n, no de commande, no client, numero de commande, n tva, no tva, n tva intracommunautaire, tva
    intracommunautaire, tva intra, siret, siren, rcs, code client, n siret, bon de commande, nif, cif, n cliente,
    numero de cliente, pedido, n de pedido, telefono, no de pedido, no cliente, codigo de cliente, numero de pedido,
    su pedido, p iva, partita iva, codice fiscale, codice cliente, ordine, ordine n, rea, cod fisc, c f, vs ordine,
    codice destinatario, ddt n, numero ordine, klantnummer, klantnr, ordernummer, btw nummer, btw nr, kvk, kvk
    nummer, kvk nr, uw referentie, debiteurnummer, offertenummer, telefoon, btw id, contribuinte, n contribuinte, no
    contribuinte, cliente n, cliente no, encomenda, encomenda n, telefone, codigo cliente, nipc, encomenda no, atcud
  `),
};

/** Finds labels in the words of a row. */
export const labelMatcher = createPhraseMatcher(labels);

/** What a column of line items holds. */
export type ColumnMeaning =
  | "position"
  | "code"
  | "description"
  | "quantity"
  | "unit"
  | "unitPrice"
  | "taxRate"
  | "discount"
  | "amount";

const columns: PhraseTable<ColumnMeaning> = {
  position: list(`
    pos, #, no, nr, s no, sl no, sr no, line, ligne, riga, linea, regel, lp, item no, item #, pos nr, position, n
  `),
  code: list(`
    sku, code, article no, art nr, art no, artikelnr, artikel nr, artikelnummer, ref, reference, codice, codigo,
    hsn, hsn sac, hsn code, cod, cod art, product code, item code, part no, artikelcode, referencia, hsn/sac
  `),
  description: list(`
    description, item, items, product, service, details, particulars, article, goods, item description, description
    of goods, product service, services, work, activity, description of services, what, bezeichnung, beschreibung,
    artikel, leistung, artikelbezeichnung, produkt, leistungsbeschreibung, gegenstand, text, designation, libelle,
    produit, prestation, prestations, descripcion, concepto, articulo, producto, servicio, detalle, descrizione,
    articolo, prodotto, servizio, descrizione dei beni, omschrijving, dienst, descricao, designacao, artigo,
    produto, servico
  `),
  quantity: list(`
    qty, quantity, units, hours, hrs, pcs, qnty, menge, anzahl, stk, stuck, std, stunden, qte, quantite, cantidad,
    cant, uds, unidades, quantita, qta, q ta, aantal, uren, quantidade, qtd, qtde, quant, qt
  `),
  unit: list(`
    unit, uom, einheit, einh, me, unite, um, u m, eenheid, unidade, ud, un
  `),
  unitPrice: list(`
    unit price, price, rate, unit cost, price each, each, unit rate, price per unit, hourly rate, cost, einzelpreis,
    e preis, ep, preis, stuckpreis, preis einheit, einzel, preis je einheit, einzelpreis netto, stundensatz, prix
    unitaire, pu, pu ht, p u ht, prix unitaire ht, prix, prix unit, p u, precio, precio unitario, precio unit, p
    unit, precio ud, p unitario, prezzo, prezzo unitario, prezzo unit, prijs, stukprijs, prijs per stuk,
    eenheidsprijs, tarief, preco, preco unitario, preco unit, prijs per eenheid, preco un
  `),
  taxRate: list(`
    vat, vat %, vat rate, tax, tax %, tax rate, mwst, ust, mwst %, ust %, mwst satz, steuer, tva, taux tva, tva %,
    taux, iva, iva %, aliquota, al iva, aliq, btw, btw %, btw tarief, taxa iva, taxa, gst, gst %, gst rate, % vat, %
    iva, % mwst, % tva, % btw
  `),
  discount: list(`
    discount, disc, disc %, rabatt, remise, dto, sconto, korting, desc, rabatt %, remise %
  `),
  amount: list(`
    amount, total, line total, net amount, total price, sum, value, net, total net, subtotal, line amount, taxable
    value, amount gbp, amount usd, amount eur, amount inr, amount rs, net total, ext price, total usd, total gbp,
    gesamt, gesamtpreis, betrag, summe, gp, betrag chf, betrag eur, nettobetrag, netto, gesamt netto, preis gesamt,
    gesamtpreis netto, gesamt eur, total chf, total ht, montant, montant ht, montant total, importe, total eur,
    importo, totale, bedrag, totaal, valor, total liquido, valor total, bedrag excl btw, importe neto, imponibile,
    valor liquido, totaal eur, importe total
  `),
};

/** Finds headings of line item columns in the words of a row. */
export const columnMatcher = createPhraseMatcher(columns);
