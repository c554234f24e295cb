/** Decimal places every sum is computed at: enough for prices per unit with four decimals. */
const SCALE = 6;

/** A decimal string ("-1234.5") as a whole number of millionths. */
export function toUnits(amount: string): bigint {
  const negative = amount.startsWith("-");
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const units = BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, "0"));
  return negative ? -units : units;
}

/** Millionths as a decimal string with at least `decimals` places and no needless zeros beyond. */
export function fromUnits(units: bigint, decimals = 2): string {
  const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, "0");
  const fraction = digits.slice(-SCALE).replace(/0+$/, "").padEnd(decimals, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -SCALE)}${fraction === "" ? "" : `.${fraction}`}`;
}

export function addAmounts(amounts: readonly string[]): string {
  return fromUnits(amounts.reduce((sum, amount) => sum + toUnits(amount), 0n));
}

/** Product rounded half away from zero to `decimals` places, as invoices round. */
export function multiplyAmounts(left: string, right: string, decimals = 2): string {
  const product = toUnits(left) * toUnits(right); // 10^-12
  const step = 10n ** BigInt(2 * SCALE - decimals);
  const half = product < 0n ? -step / 2n : step / 2n;
  return fromUnits(((product + half) / step) * 10n ** BigInt(SCALE - decimals), decimals);
}

export function sameAmount(left: string, right: string): boolean {
  return toUnits(left) === toUnits(right);
}

/** Whether two amounts differ by at most a number of hundredths. */
export function withinCents(left: string, right: string, cents: number): boolean {
  const difference = toUnits(left) - toUnits(right);
  return (difference < 0n ? -difference : difference) <= BigInt(cents) * 10n ** BigInt(SCALE - 2);
}
