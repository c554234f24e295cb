import type { Coverage, Gap } from "../contract/coverage.ts";
import type { Degradation, Issue, ModelUseReceipt, Receipt, StepReceipt } from "../contract/receipt.ts";
import { CoverageSum, weakestCoverage } from "./step/coverage-sum.ts";
import { sumModelUses } from "./step/model-uses.ts";

/** One run of a batch. */
export interface BatchRun {
  /** The part of the batch it was for: "item 3". */
  readonly item: string;
  readonly receipt: Receipt;
}

/** What is true of a batch as a whole. */
export type BatchFacts = Pick<
  Receipt,
  "id" | "tenant" | "pipeline" | "planHash" | "startedAt" | "ms" | "input" | "output"
> & {
  /** Items of the batch, those without a run included. */
  readonly items: number;
  /** Items that have no result, and why. */
  readonly missing: readonly Gap[];
  /** The same, as issues. */
  readonly issues: readonly Issue[];
};

/**
 * One receipt for many runs that answer one request together: steps of the same id and transform are summed, coverage
 * is counted per measure and in items, issues name the item they belong to, equal degradations are told once.
 */
export function sumReceipts(runs: readonly BatchRun[], facts: BatchFacts): Receipt {
  const { items, missing, issues, ...whole } = facts;
  const steps = new Map<string, StepReceipt[]>();
  const degradations = new Map<string, Degradation>();
  const meter = new Map<string, Receipt["meter"][number]>();
  const itemised: Issue[] = [...issues];
  for (const { item, receipt } of runs) {
    for (const step of receipt.steps) append(steps, `${step.id}\n${step.uses}`, step);
    for (const one of receipt.degradations) degradations.set(`${one.step}\n${one.what}\n${one.reason}`, one);
    for (const line of receipt.meter) {
      const key = `${line.step}\n${line.unit}`;
      meter.set(key, { ...line, quantity: (meter.get(key)?.quantity ?? 0) + line.quantity });
    }
    for (const issue of receipt.issues)
      itemised.push({ ...issue, item: issue.item === undefined ? item : `${item}, ${issue.item}` });
  }
  const summed = [...steps.values()].map(sumSteps);
  const inItems = { measure: "item", done: items - missing.length, of: items, ...(missing.length > 0 && { missing }) };
  return {
    stargate: 1,
    ...whole,
    steps: summed,
    coverage: weakestCoverage([inItems, ...summed.flatMap(({ coverage }) => coverage)]),
    degradations: [...degradations.values()],
    issues: itemised,
    meter: [...meter.values()],
  };
}

function sumSteps(steps: readonly StepReceipt[]): StepReceipt {
  const [first] = steps as readonly [StepReceipt]; // grouped by step: no group is empty
  const total = (of: "invocations" | "attempts" | "failures" | "ms" | "cached"): number =>
    steps.reduce((sum, step) => sum + step[of], 0);
  const models = new Map<string, ModelUseReceipt[]>();
  for (const use of steps.flatMap((step) => step.models ?? []))
    append(models, [use.model, use.variant, use.backend, use.device, use.pool].join("\n"), use);
  return {
    ...first,
    ...(models.size > 0 && { models: [...models.values()].map((uses) => uses.reduce(sumModelUses)) }),
    invocations: total("invocations"),
    attempts: total("attempts"),
    failures: total("failures"),
    ms: total("ms"),
    cached: total("cached"),
    coverage: sumCoverage(steps.flatMap((step) => step.coverage)),
    facts: commonFacts(steps),
  };
}

function sumCoverage(entries: readonly Coverage[]): Coverage[] {
  const sum = new CoverageSum();
  for (const entry of entries) sum.add(entry);
  return sum.toCoverage();
}

/** Facts that all of them disclose alike; those of one item say nothing of the batch. */
function commonFacts(steps: readonly StepReceipt[]): StepReceipt["facts"] {
  const [first, ...others] = steps;
  return Object.fromEntries(
    Object.entries(first?.facts ?? {}).filter(([name, value]) =>
      others.every(({ facts }) => JSON.stringify(facts[name]) === JSON.stringify(value)),
    ),
  );
}

function append<Value>(groups: Map<string, Value[]>, key: string, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
