import type { Receipt } from "@stargate/kernel";

/** A receipt in a few lines for a terminal: how complete, how long, what went wrong. */
export function receiptSummary(receipt: Receipt, out?: string): string {
  const coverage = receipt.coverage.map(
    ({ measure, done, of }) => `${done}${of === null ? "" : ` of ${of}`} ${measure}s`,
  );
  const lines = [
    `${out === undefined ? "" : `${out}: `}${coverage.length === 0 ? "done" : coverage.join(", ")} in ${Math.round(receipt.ms)} ms (${receipt.steps.map(({ uses }) => uses).join(", ") || "no step"})`,
  ];
  for (const { measure, missing } of receipt.coverage)
    for (const gap of missing ?? []) lines.push(`  missing ${gap.what} (${measure}): ${gap.reason}`);
  for (const { what, reason } of receipt.degradations) lines.push(`  degraded: ${what} (${reason})`);
  for (const { code, message, item } of receipt.issues)
    lines.push(`  issue: ${item === undefined ? "" : `${item}: `}${message} (${code})`);
  return `${lines.join("\n")}\n`;
}
