import type { InvoiceProfile } from "./invoice-data.ts";

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

export const german: InvoiceProfile = {
  suppliers: ["Nordwind Elektronik GmbH", "Bauer & Klein OHG", "Kaffeehaus Lindner GmbH & Co. KG", "Hofmann Drucktechnik AG"],
  customers: [
    ["Stadtwerke Beispielhausen GmbH", "Am Markt 4", "34117 Kassel"],
    ["Tischlerei Vogt e.K.", "Ringweg 18", "99084 Erfurt"],
  ],
  goods: ["Netzteil 24 V", "Kabeltrommel 50 m", "Montage vor Ort", "Wartungsvertrag Basis", "Druckerpatrone schwarz", "Kopierpapier A4 500 Blatt", "Schraubenset verzinkt", "Beratung Netzwerk", "Filterkaffee 1 kg", "Reinigung Maschine", "Ersatzteil Pumpe", "Anfahrt pauschal", "LED Leuchte 12 W", "Werkzeugkoffer klein"],
  currency: "EUR",
  taxRates: [19],
  itemCount: [2, 6],
  iban: { country: "DE", digits: 18 },
  number: (random, year) => `RE-${year}-${pad(random.int(1, 9999), 4)}`,
};

export const american: InvoiceProfile = {
  suppliers: ["Blue Harbor Supply LLC", "Redwood Analytics Inc.", "Granite State Tools Inc."],
  customers: [
    ["Maple Street Bakery", "410 Maple Street", "Springfield, IL 62704"],
    ["Lone Star Plumbing LLC", "77 Cedar Avenue", "Austin, TX 78701"],
  ],
  goods: ["Safety gloves large", "Cordless drill 18V", "Consulting services", "Site inspection", "Steel bracket 6 inch", "Paint roller set", "Annual license", "Hardware setup", "Shipping crate", "Work light", "Extension cord 25 ft", "Tool cabinet"],
  currency: "USD",
  taxRates: [8],
  itemCount: [2, 6],
  number: (random) => `INV-${pad(random.int(1000, 99_999), 5)}`,
};

export const french: InvoiceProfile = {
  suppliers: ["Atelier Moreau SARL", "Lumière et Bois SAS", "Transports Garnier SA"],
  customers: [
    ["Mairie de Villeneuve", "2 place de la Mairie", "47300 Villeneuve"],
    ["Boulangerie Petit", "15 rue du Moulin", "69003 Lyon"],
  ],
  goods: ["Lampe de bureau", "Chaise pliante", "Transport palette", "Pose de parquet", "Panneau bois 18 mm", "Vis inox boite 200", "Main d'oeuvre atelier", "Vernis mat 2 l", "Table basse", "Cadre sur mesure"],
  currency: "EUR",
  taxRates: [20],
  itemCount: [2, 5],
  iban: { country: "FR", digits: 23 },
  number: (random, year) => `F-${year}-${pad(random.int(1, 999), 3)}`,
};

export const british: InvoiceProfile = {
  suppliers: ["Thames Valley Printing Ltd", "Harrow & Finch Limited", "Kestrel Engineering Ltd"],
  customers: [
    ["Oakfield Primary School", "Oakfield Road", "Reading RG1 5SL"],
    ["Dunmore Estates Ltd", "3 Quay Side", "Bristol BS1 4QA"],
  ],
  goods: ["Letterhead printing", "A5 leaflets gloss", "Poster A2 matt", "Business cards", "Proof reading", "Banner 3 m", "Design work", "Binding service", "Envelopes DL", "Delivery by courier", "Stickers round", "Booklet 24 pages", "Laminating A3", "Folder with pocket", "Labels roll", "Calendars wall", "Notepads A6", "Menu cards", "Roller banner", "Photo prints"],
  currency: "GBP",
  taxRates: [20],
  itemCount: [2, 6],
  iban: { country: "GB", digits: 14, prefix: "NWBK" },
  number: (random) => `${random.int(10_000, 99_999)}`,
};

export const spanish: InvoiceProfile = {
  suppliers: ["Talleres Montoya S.L.", "Frutas del Valle S.A.", "Imprenta Sol S.L."],
  customers: [
    ["Hotel Costa Azul S.A.", "Paseo Maritimo 12", "29016 Malaga"],
    ["Colegio San Marcos", "Calle Mayor 8", "28013 Madrid"],
  ],
  goods: ["Cambio de aceite", "Filtro de aire", "Naranjas caja 10 kg", "Limones caja 5 kg", "Mano de obra", "Carteles color", "Revision general", "Pastillas de freno", "Tarjetas de visita", "Transporte local"],
  currency: "EUR",
  taxRates: [21],
  itemCount: [2, 5],
  iban: { country: "ES", digits: 20 },
  number: (random, year) => `A${year % 100}/${pad(random.int(1, 9999), 4)}`,
};

export const swiss: InvoiceProfile = {
  suppliers: ["Alpenblick Treuhand AG", "Gerber Metallbau GmbH", "Seefeld Informatik AG"],
  customers: [
    ["Restaurant Krone", "Hauptstrasse 3", "8400 Winterthur"],
    ["Praxis Dr. Keller", "Bahnhofplatz 7", "3011 Bern"],
  ],
  goods: ["Buchhaltung Quartal", "Lohnabrechnung", "Gelander Stahl", "Server Wartung", "Beratung Steuern", "Lizenz Office", "Reparatur Tor", "Abschluss Jahr", "Datensicherung", "Schulung halber Tag"],
  currency: "CHF",
  taxRates: [8.1],
  itemCount: [2, 5],
  iban: { country: "CH", digits: 17 },
  number: (random) => `${random.int(100_000, 999_999)}`,
};

export const italian: InvoiceProfile = {
  suppliers: ["Ceramiche Bellini S.r.l.", "Officina Ferri S.r.l.", "Vini Montalto S.p.A."],
  customers: [
    ["Albergo Stella Alpina", "Via Roma 21", "38100 Trento"],
    ["Ristorante Da Paolo S.n.c.", "Corso Italia 5", "10122 Torino"],
  ],
  goods: ["Piatto fondo bianco", "Tazza caffe", "Vino rosso cassa 6", "Manutenzione forno", "Piastrella 20x20", "Trasporto merci", "Vaso decorato", "Olio motore 5 l", "Ciotola grande", "Bicchiere acqua"],
  currency: "EUR",
  taxRates: [22],
  itemCount: [2, 6],
  iban: { country: "IT", digits: 22, prefix: "X" },
  number: (random, year) => `${random.int(1, 999)}/${year}`,
};

export const dutch: InvoiceProfile = {
  suppliers: ["Van Dijk Installaties B.V.", "Bloemen Centrale B.V.", "De Wit Advies B.V."],
  customers: [
    ["Basisschool De Linde", "Lindelaan 9", "3521 AB Utrecht"],
    ["Cafe Het Anker", "Havenkade 2", "3011 ZD Rotterdam"],
  ],
  goods: ["Installatie ketel", "Onderhoud jaarlijks", "Rozen bos 20", "Tulpen bak 50", "Advies per uur", "Thermostaat digitaal", "Leiding koper 3 m", "Voorrijkosten", "Potgrond 40 l", "Rapportage"],
  currency: "EUR",
  taxRates: [21],
  itemCount: [2, 5],
  iban: { country: "NL", digits: 10, prefix: "ABNA" },
  number: (random, year) => `${year}${pad(random.int(1, 9999), 4)}`,
};

export const portuguese: InvoiceProfile = {
  suppliers: ["Padaria Central Lda", "Moveis Atlantico Lda", "Tejo Sistemas S.A."],
  customers: [
    ["Clinica Santa Maria", "Rua das Flores 30", "4000-123 Porto"],
    ["Escola Nova Lda", "Avenida da Liberdade 100", "1250-144 Lisboa"],
  ],
  goods: ["Mesa de reuniao", "Cadeira de escritorio", "Pao de forma", "Bolo de aniversario", "Suporte tecnico", "Armario com chave", "Licenca anual", "Estante 5 niveis", "Teclado sem fios", "Monitor 24"],
  currency: "EUR",
  taxRates: [23],
  itemCount: [2, 5],
  iban: { country: "PT", digits: 21 },
  number: (random, year) => `FT ${year}/${random.int(1, 999)}`,
};

export const indian: InvoiceProfile = {
  suppliers: ["Sunrise Textiles Pvt. Ltd.", "Kaveri Software Pvt. Ltd.", "Deccan Steel Limited"],
  customers: [
    ["Lotus Garments", "14 Brigade Road", "Bengaluru 560001"],
    ["Shree Traders", "221 Nehru Marg", "Pune 411001"],
  ],
  goods: ["Cotton fabric roll", "Silk yarn cone", "Software support", "Steel rod 12 mm", "Polyester thread", "Packing charges", "Dyeing work", "Angle bar 50 mm", "Training session", "Cloud hosting", "Zip fastener box", "Button assortment", "Lining cloth", "Welding wire", "Data migration", "Hex bolt pack", "Label printing", "Sewing needles", "Elastic tape", "Cutting service"],
  currency: "INR",
  taxRates: [18],
  itemCount: [22, 30],
  number: (random) => `ST/${random.int(24, 26)}-${random.int(27, 29)}/${pad(random.int(1, 999), 3)}`,
};

export const irish: InvoiceProfile = {
  suppliers: ["Shannon Web Services Ltd", "Clover Foods Limited", "Galway Marine Ltd"],
  customers: [
    ["Atlantic Hotel", "Sea Road", "Galway H91 X2K3"],
    ["Liffey Books Ltd", "12 Dame Street", "Dublin D02 FX45"],
  ],
  goods: ["Website hosting", "Domain renewal", "Content writing", "Smoked salmon 1 kg", "Brown bread tray", "Boat inspection", "Engine service", "Rope 20 m", "Oat biscuits case", "Search audit"],
  currency: "EUR",
  taxRates: [23],
  itemCount: [2, 5],
  iban: { country: "IE", digits: 14, prefix: "AIBK" },
  number: (random, year) => `${year}-${pad(random.int(1, 9999), 4)}`,
};
