import type { Degradation, Receipt } from "@stargate/kernel";

/** A receipt in a few lines for a terminal: how complete, how long, what went wrong. */
export function receiptSummary(receipt: Receipt, out?: string): string {
  const coverage = receipt.coverage.map(
    ({ measure, done, of }) => `${rounded(done)}${of === null ? "" : ` of ${rounded(of)}`} ${measure}s`,
  );
  const lines = [
    `${out === undefined ? "" : `${out}: `}${coverage.length === 0 ? "done" : coverage.join(", ")} in ${Math.round(receipt.ms)} ms (${receipt.steps.map(({ uses }) => uses).join(", ") || "no step"})`,
  ];
  const gaps = receipt.coverage.flatMap(({ measure, missing }) =>
    (missing ?? []).map(({ what, reason }) => `  missing ${what} (${measure}): ${reason}`),
  );
  lines.push(...firstOf(gaps));
  for (const { what, reason } of lastingDegradations(receipt)) lines.push(`  degraded: ${what} (${reason})`);
  const issues = receipt.issues.map(
    ({ code, message, item }) => `  issue: ${item === undefined ? "" : `${item}: `}${message} (${code})`,
  );
  lines.push(...firstOf(issues));
  return `${lines.join("\n")}\n`;
}

/** Lines of one kind that are shown: of a hundred scenes every one has its clouds. */
const MAX_ALIKE = 10;

function firstOf(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_ALIKE) return lines;
  return [...lines.slice(0, MAX_ALIKE), `  and ${lines.length - MAX_ALIKE} more: the receipt has them (--json)`];
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
