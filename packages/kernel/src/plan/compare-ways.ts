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
  const rival = `than ${plan.steps.length === 0 ? "taking the input as it is" : plan.steps.map(({ transform }) => transform.id).join(" and ")}`;
  if (totals.ms > task.deadlineMs)
    return `takes ${rounded(totals.ms)} ms in all, the deadline is ${task.deadlineMs} ms`;
  const lost = lossesOf(way.map(({ transform }) => transform.loss));
  const lostByPlan = lossesOf(plan.steps.map(({ predicted }) => predicted.loss));
  const more = [...differences(totals, plan.totals, "more"), ...lossDifferences(lost, lostByPlan)];
  if (totals.score > plan.totals.score && more.length > 0) {
    const less = [
      ...differences(plan.totals, totals, "less"),
      ...lossDifferences(lostByPlan, lost).map((kinds) => kinds.replace("loses", "keeps")),
    ];
    return `${more.join(" and ")} ${rival}${less.length === 0 ? "" : ` (but ${less.join(" and ")})`}`;
  }
  if (totals.score > plan.totals.score) return `less accurate ${rival}`;
  if (way.length > plan.steps.length)
    return `takes ${way.length - plan.steps.length} more step(s) ${rival}, and gains nothing`;
  return `as good as ${plan.steps.map(({ transform }) => transform.id).join(" and ")}, which comes first by name`;
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

/** "loses layout and speaker": kinds of which `a` loses more than `b`. */
function lossDifferences(a: Losses, b: Losses): readonly string[] {
  const kinds = Object.keys(a).filter((kind) => (a[kind] ?? 0) > (b[kind] ?? 0));
  return kinds.length === 0 ? [] : [`loses ${kinds.join(" and ")}`];
}

/** Three significant digits, without an exponent. */
function rounded(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
