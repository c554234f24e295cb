import type { Degradation, Receipt } from "@stargate/kernel";

/** A receipt in a few lines for a terminal: how complete, how long, what went wrong. */
export function receiptSummary(receipt: Receipt, out?: string): string {
  const coverage = receipt.coverage.map(
    ({ measure, done, of }) => `${rounded(done)}${of === null ? "" : ` of ${rounded(of)}`} ${measure}s`,
  );
  const lines = [
    `${out === undefined ? "" : `${out}: `}${coverage.length === 0 ? "done" : coverage.join(", ")} in ${Math.round(receipt.ms)} ms (${receipt.steps.map(({ uses }) => uses).join(", ") || "no step"})`,
  ];
  for (const { measure, missing } of receipt.coverage)
    for (const gap of missing ?? []) lines.push(`  missing ${gap.what} (${measure}): ${gap.reason}`);
  for (const { what, reason } of lastingDegradations(receipt)) lines.push(`  degraded: ${what} (${reason})`);
  for (const { code, message, item } of receipt.issues)
    lines.push(`  issue: ${item === undefined ? "" : `${item}: `}${message} (${code})`);
  return `${lines.join("\n")}\n`;
}

function rounded(count: number): number {
  return Math.round(count * 100) / 100;
}

/** Of rungs that were tried one after the other only the one that was used counts; the receipt has them all. */
function lastingDegradations({ degradations, steps }: Receipt): readonly Degradation[] {
  return degradations.filter(({ step }, index) => {
    const once = steps.find(({ id, invocations }) => id === step && invocations === 1);
    return index >= degradations.findIndex((one) => one.step === step && one.what === once?.rung);
  });
}
