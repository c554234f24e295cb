import type { ExplainedStep, Explanation } from "./explanation.ts";

/** An explanation as text for a terminal: the way, what it is expected to take (and took), and what was rejected. */
export function formatExplanation(explanation: Explanation): string {
  const { from, to, chosen, rejected, missing } = explanation;
  const lines = [`${from} -> ${to}`];
  if (missing !== null) {
    lines.push(`  no way: ${missing.message}`);
    if (missing.hint !== undefined) lines.push(`  hint: ${missing.hint}`);
  } else if (chosen !== null && chosen.steps.length === 0) lines.push("  nothing to do: the input is what is wanted");
  else if (chosen !== null) {
    lines.push(...chosen.steps.flatMap((step, position) => formatStep(step, position + 1)));
    lines.push(
      `  in all: ${predictedText(chosen.totals)}${chosen.totals.loss === 0 ? "" : `, loss ${chosen.totals.loss}`}`,
    );
  }
  if (rejected.length > 0) lines.push("rejected:", ...columns(rejected));
  return `${lines.join("\n")}\n`;
}

function formatStep(
  { uses, from, to, lifted, predicted, notes, measured }: ExplainedStep,
  number: number,
): readonly string[] {
  const lost = Object.entries(predicted.loss)
    .filter(([, weight]) => weight > 0)
    .map(([kind]) => kind);
  const lines = [
    `  ${number}. ${lifted ? "each " : ""}${uses}  ${from} -> ${to}`,
    `     predicted ${predictedText(predicted)}${predicted.assumed ? " (assumed: nothing is known)" : ""}${lost.length === 0 ? "" : `, loses ${lost.join(", ")}`}`,
  ];
  if (measured !== undefined) {
    const { ms, invocations, attempts, failures, rung, cached } = measured;
    const retried = attempts > invocations ? `, ${attempts - invocations} retried` : "";
    const failed = failures > 0 ? `, ${failures} failed` : "";
    lines.push(
      `     measured  ${rounded(ms)} ms in ${invocations} call(s)${retried}${failed}${rung === undefined ? "" : `, rung ${rung}`}${cached > 0 ? `, ${cached} from kept results` : ""}`,
    );
  }
  return [...lines, ...notes.map((note) => `     note: ${note}`)];
}

function predictedText({
  ms,
  usd,
  joules,
}: {
  readonly ms: number;
  readonly usd: number;
  readonly joules: number;
}): string {
  return [
    `${rounded(ms)} ms`,
    ...(usd > 0 ? [`$${rounded(usd)}`] : []),
    ...(joules > 0 ? [`${rounded(joules)} J`] : []),
  ].join(", ");
}

function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function columns(rows: Explanation["rejected"]): readonly string[] {
  const width = Math.max(...rows.map(({ uses }) => uses.length));
  return rows.map(({ uses, reason }) => `  ${uses.padEnd(width)}  ${reason}`);
}
