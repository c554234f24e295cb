/** What a generated invoice says: the truth that reading it is compared with. */
export interface InvoiceData {
  readonly supplier: string;
  readonly number: string;
  /** ISO 8601. */
  readonly issueDate: string;
  readonly dueDate: string;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly iban?: string;
  readonly items: readonly InvoiceItem[];
  /** Tax by rate, for layouts that print several lines. */
  readonly taxLines: readonly { readonly ratePercent: string; readonly base: string; readonly tax: string }[];
  readonly customer: readonly string[];
}

export interface InvoiceItem {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly taxRatePercent: string;
  readonly amount: string;
}

/** The item at an index that is known to be there. */
export function itemAt<T>(items: readonly T[], index: number): T {
  const item = items.at(index);
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}

/** Small deterministic generator of random numbers (mulberry32). */
export function createRandom(seed: number): {
  next(): number;
  int(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
} {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (items) => itemAt(items, Math.floor(next() * items.length)),
  };
}

export interface InvoiceProfile {
  readonly suppliers: readonly string[];
  readonly customers: readonly (readonly string[])[];
  readonly goods: readonly string[];
  readonly currency: string;
  readonly taxRates: readonly number[];
  readonly itemCount: readonly [number, number];
  readonly iban?: { readonly country: string; readonly digits: number; readonly prefix?: string };
  number(random: ReturnType<typeof createRandom>, year: number): string;
}

/** Makes an invoice; whole cents throughout, sums exact. */
export function makeInvoice(profile: InvoiceProfile, seed: number): InvoiceData {
  const random = createRandom(seed);
  const year = random.int(2024, 2026);
  const issue = new Date(Date.UTC(year, random.int(0, 11), random.int(1, 28)));
  const due = new Date(issue.getTime() + random.pick([10, 14, 21, 30]) * 86_400_000);
  const goods = [...profile.goods];
  const items = Array.from({ length: random.int(...profile.itemCount) }, () => {
    const description =
      goods.length > 0 ? itemAt(goods.splice(random.int(0, goods.length - 1), 1), 0) : random.pick(profile.goods);
    const quantity = random.int(1, random.pick([3, 12, 40]));
    const priceCents = random.int(250, random.pick([2_000, 30_000, 190_000]));
    const rate = random.pick(profile.taxRates);
    return { description, quantity, priceCents, rate, amountCents: quantity * priceCents };
  });
  const taxLines = [...new Set(items.map((item) => item.rate))]
    .sort((a, b) => a - b)
    .map((rate) => {
      const base = items.filter((item) => item.rate === rate).reduce((sum, item) => sum + item.amountCents, 0);
      return { rate, base, tax: Math.round((base * rate) / 100) };
    });
  const net = items.reduce((sum, item) => sum + item.amountCents, 0);
  const tax = taxLines.reduce((sum, line) => sum + line.tax, 0);
  return {
    supplier: random.pick(profile.suppliers),
    customer: random.pick(profile.customers),
    number: profile.number(random, year),
    issueDate: issue.toISOString().slice(0, 10),
    dueDate: due.toISOString().slice(0, 10),
    currency: profile.currency,
    net: cents(net),
    tax: cents(tax),
    total: cents(net + tax),
    ...(profile.iban === undefined ? {} : { iban: makeIban(profile.iban, random) }),
    items: items.map((item) => ({
      description: item.description,
      quantity: String(item.quantity),
      unitPrice: cents(item.priceCents),
      taxRatePercent: String(item.rate),
      amount: cents(item.amountCents),
    })),
    taxLines: taxLines.map((line) => ({
      ratePercent: String(line.rate),
      base: cents(line.base),
      tax: cents(line.tax),
    })),
  };
}

function cents(value: number): string {
  return `${Math.floor(value / 100)}.${String(value % 100).padStart(2, "0")}`;
}

function makeIban(
  { country, digits, prefix = "" }: NonNullable<InvoiceProfile["iban"]>,
  random: ReturnType<typeof createRandom>,
): string {
  const account = prefix + Array.from({ length: digits }, () => random.int(0, 9)).join("");
  const number = Array.from(`${account}${country}00`, (character) => Number.parseInt(character, 36)).join("");
  const check = 98n - (BigInt(number) % 97n);
  return `${country}${String(check).padStart(2, "0")}${account}`;
}
