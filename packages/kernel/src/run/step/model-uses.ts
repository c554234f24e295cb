import type { Basis, ModelUse } from "../../contract/compute-plane.ts";
import type { ModelUseReceipt } from "../../contract/receipt.ts";

const MAX_DECISIONS = 16;
/** Strongest first: a sum is known no better than its weakest part. */
const BASES: readonly Basis[] = ["measured", "declared", "estimated"];

/** Sums what models did for a step, one line per model variant and place. */
export class ModelUses {
  #lines: Map<string, ModelUseReceipt> | undefined;

  add(use: ModelUse): void {
    const key = [use.model, use.variant, use.backend, use.device, use.pool].join("\n");
    const lines = (this.#lines ??= new Map<string, ModelUseReceipt>());
    lines.set(key, sum(lines.get(key), use));
  }

  /** Undefined when the step used no model. */
  toReceipt(): ModelUseReceipt[] | undefined {
    return this.#lines && [...this.#lines.values()];
  }
}

function sum(line: ModelUseReceipt | undefined, use: ModelUse): ModelUseReceipt {
  const calls = (line?.calls ?? 0) + 1;
  const joules = weakestSum(line?.joules, use.joules);
  const usd = use.usd === undefined ? line?.usd : (line?.usd ?? 0) + use.usd;
  return {
    model: use.model,
    variant: use.variant,
    digest: use.digest,
    backend: use.backend,
    device: use.device,
    pool: use.pool,
    calls,
    attempts: (line?.attempts ?? 0) + use.attempts,
    hedges: (line?.hedges ?? 0) + (use.hedged ? 1 : 0),
    batchItems: ((line?.batchItems ?? 0) * (calls - 1) + use.batchItems) / calls,
    queueMs: (line?.queueMs ?? 0) + use.queueMs,
    runMs: (line?.runMs ?? 0) + use.runMs,
    ...(joules !== undefined && { joules }),
    ...(usd !== undefined && { usd }),
    decisions: [...(line?.decisions ?? []), ...(use.decision === undefined ? [] : [use.decision])].slice(
      -MAX_DECISIONS,
    ),
  };
}

function weakestSum(a: ModelUseReceipt["joules"], b: ModelUse["joules"]): ModelUseReceipt["joules"] {
  if (a === undefined || b === undefined) return a ?? b;
  const basis = BASES[Math.max(BASES.indexOf(a.basis), BASES.indexOf(b.basis))] as Basis; // both are in the list
  return { value: a.value + b.value, basis };
}
