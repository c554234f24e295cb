import type { Plan, PlanTotals } from "./plan.ts";
import { totalsOf } from "./planner.ts";
import type { PlanningTask } from "./planning-task.ts";
import type { Edge } from "./transform-index.ts";

/** Why the best of the ways that use a transform is not the chosen one. */
export function compareWithChosen(ways: readonly (readonly Edge[])[], plan: Plan, task: PlanningTask): string {
  const [best] = ways
    .filter((way) => !returns(way, task.source))
    .map((way) => ({ way, totals: totalsOf(way.map(task.judge)) }))
    .sort((a, b) => a.totals.score - b.totals.score);
  if (best === undefined) return "a detour: its way comes back to where it has been";
  const { way, totals } = best;
  const names = plan.steps.map(({ transform }) => transform.id).join(" and ");
  const rival = plan.steps.length === 0 ? "taking the input as it is" : names;
  if (totals.ms > task.deadlineMs)
    return `takes ${rounded(totals.ms)} ms in all, the deadline is ${task.deadlineMs} ms`;
  if (totals.score > plan.totals.score)
    return `${disadvantages(way, totals, plan, rival)}${advantages(way, totals, plan)}`;
  if (way.length > plan.steps.length)
    return `takes ${way.length - plan.steps.length} more step(s) than ${rival}, and gains nothing`;
  return `as good as ${rival}, which comes first by name`;
}

/** "costs 12 ms more than ocr.read; loses layout" */
function disadvantages(way: readonly Edge[], totals: PlanTotals, plan: Plan, rival: string): string {
  const more = differences(totals, plan.totals, "more");
  const lost = moreLost(
    way.map(({ transform }) => transform.loss),
    plan.steps.map(({ predicted }) => predicted.loss),
  );
  if (more.length === 0)
    return lost.length === 0 ? `less accurate than ${rival}` : `loses ${lost.join(" and ")}, unlike ${rival}`;
  return `${more.join(" and ")} than ${rival}${lost.length === 0 ? "" : `; loses ${lost.join(" and ")}`}`;
}

/** " (but costs 12 ms less)" */
function advantages(way: readonly Edge[], totals: PlanTotals, plan: Plan): string {
  const less = differences(plan.totals, totals, "less");
  const kept = moreLost(
    plan.steps.map(({ predicted }) => predicted.loss),
    way.map(({ transform }) => transform.loss),
  );
  const all = [...less, ...(kept.length === 0 ? [] : [`keeps ${kept.join(" and ")}`])];
  return all.length === 0 ? "" : ` (but ${all.join(" and ")})`;
}

/** Whether a way visits a port twice. */
function returns(way: readonly Edge[], source: string): boolean {
  return new Set([source, ...way.map(({ to }) => to)]).size <= way.length;
}

function differences(a: PlanTotals, b: PlanTotals, word: "more" | "less"): readonly string[] {
  const parts: string[] = [];
  if (a.ms > b.ms) parts.push(`costs ${rounded(a.ms - b.ms)} ms ${word}`);
  if (a.usd > b.usd) parts.push(`costs $${rounded(a.usd - b.usd)} ${word}`);
  if (a.joules > b.joules) parts.push(`uses ${rounded(a.joules - b.joules)} J ${word}`);
  return parts;
}

type Losses = Readonly<Record<string, number>>;

/** Weights of what a way loses, summed by kind. */
function lossesOf(losses: readonly Losses[]): Losses {
  const sum: Record<string, number> = {};
  for (const loss of losses) for (const [kind, weight] of Object.entries(loss)) sum[kind] = (sum[kind] ?? 0) + weight;
  return sum;
}

/** Kinds of which the one way loses more than the other. */
function moreLost(losses: readonly Losses[], others: readonly Losses[]): readonly string[] {
  const a = lossesOf(losses);
  const b = lossesOf(others);
  return Object.keys(a).filter((kind) => (a[kind] ?? 0) > (b[kind] ?? 0));
}

/** Three significant digits, without an exponent. */
function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
