import { digestJson, type Issue, type Receipt, sumReceipts } from "@stargate/kernel";
import type { Problem } from "../http/problem.ts";
import type { ItemOutcome } from "./embed-batch.ts";

export interface BatchReceiptFacts extends Pick<Receipt, "id" | "tenant" | "startedAt" | "ms"> {
  readonly outcomes: readonly ItemOutcome[];
  /** Why items failed, by index. */
  readonly problems: ReadonlyMap<number, Problem>;
}

/** The one receipt of a batch, of those of its runs. */
export function batchReceipt({ outcomes, problems, ...facts }: BatchReceiptFacts): Receipt {
  const runs = outcomes.flatMap(({ receipts }, index) =>
    receipts.map((receipt) => ({ item: itemName(index), receipt })),
  );
  const plans = [...new Set(runs.map(({ receipt }) => receipt.planHash))].sort();
  const issues = [...problems].map(([index, { code, detail, hint }]): Issue => {
    return { step: "", code, message: detail, hint, item: itemName(index) };
  });
  return sumReceipts(runs, {
    ...facts,
    pipeline: "embeddings",
    planHash: plans.length === 1 && plans[0] !== undefined ? plans[0] : digestJson(plans),
    input: Object.fromEntries(
      runs.flatMap(({ receipt }) =>
        Object.values(receipt.input).map(({ modality }) => [modality, { modality: `many(${modality})` }]),
      ),
    ),
    output: { modality: "many(embedding)" },
    items: outcomes.length,
    missing: [...problems].map(([index, { code, detail }]) => ({
      what: itemName(index),
      reason: `${code}: ${detail}`,
    })),
    issues,
  });
}

function itemName(index: number): string {
  return `item ${index}`;
}
