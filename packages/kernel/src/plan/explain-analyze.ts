import type { Receipt, StepReceipt } from "../contract/receipt.ts";
import type { ExplainedStep, Explanation, Measured } from "./explanation.ts";

/** The same explanation with what each step really took: EXPLAIN ANALYZE for pipelines. */
export function explainAnalyze(explanation: Explanation, receipt: Receipt): Explanation {
  if (explanation.chosen === null) return explanation;
  const { totals } = explanation.chosen;
  const steps = explanation.chosen.steps.map((step): ExplainedStep => {
    const receipts = receipt.steps.filter(({ uses }) => uses === step.uses);
    return receipts.length === 0 ? step : { ...step, measured: sum(receipts) };
  });
  return { ...explanation, chosen: { steps, totals } };
}

/** A transform may be two steps of one plan (once alone, once over a stream): the receipt cannot tell them apart by name. */
function sum(receipts: readonly StepReceipt[]): Measured {
  const total = (part: (receipt: StepReceipt) => number): number =>
    receipts.reduce((all, receipt) => all + part(receipt), 0);
  return {
    ms: total(({ ms }) => ms),
    invocations: total(({ invocations }) => invocations),
    attempts: total(({ attempts }) => attempts),
    failures: total(({ failures }) => failures),
    rung: receipts.find(({ rung }) => rung !== undefined)?.rung,
    cached: total(({ cached }) => cached),
  };
}
