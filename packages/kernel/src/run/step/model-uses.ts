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
    const [before, line] = [lines.get(key), modelUseLine(use)];
    lines.set(key, before === undefined ? line : sumModelUses(before, line));
  }

  /** Undefined when the step used no model. */
  toReceipt(): ModelUseReceipt[] | undefined {
    return this.#lines && [...this.#lines.values()];
  }
}

/** What a receipt says of a single call. */
export function modelUseLine(use: ModelUse): ModelUseReceipt {
  return {
    model: use.model,
    variant: use.variant,
    digest: use.digest,
    backend: use.backend,
    device: use.device,
    pool: use.pool,
    calls: 1,
    attempts: use.attempts,
    hedges: use.hedged ? 1 : 0,
    batchItems: use.batchItems,
    queueMs: use.queueMs,
    runMs: use.runMs,
    ...(use.joules !== undefined && { joules: use.joules }),
    ...(use.carbonGrams !== undefined && { carbonGrams: use.carbonGrams }),
    ...(use.usd !== undefined && { usd: use.usd }),
    decisions: use.decision === undefined ? [] : [use.decision],
  };
}

/** Two lines of one model variant and place as one. */
export function sumModelUses(a: ModelUseReceipt, b: ModelUseReceipt): ModelUseReceipt {
  const calls = a.calls + b.calls;
  const joules = weakestSum(a.joules, b.joules);
  const carbonGrams = knownSum(a.carbonGrams, b.carbonGrams);
  const usd = knownSum(a.usd, b.usd);
  return {
    ...a,
    calls,
    attempts: a.attempts + b.attempts,
    hedges: a.hedges + b.hedges,
    batchItems: (a.batchItems * a.calls + b.batchItems * b.calls) / calls,
    queueMs: a.queueMs + b.queueMs,
    runMs: a.runMs + b.runMs,
    ...(joules !== undefined && { joules }),
    ...(carbonGrams !== undefined && { carbonGrams }),
    ...(usd !== undefined && { usd }),
    decisions: [...a.decisions, ...b.decisions].slice(-MAX_DECISIONS),
  };
}

function knownSum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}

function weakestSum(a: ModelUseReceipt["joules"], b: ModelUseReceipt["joules"]): ModelUseReceipt["joules"] {
  if (a === undefined || b === undefined) return a ?? b;
  const basis = BASES[Math.max(BASES.indexOf(a.basis), BASES.indexOf(b.basis))] as Basis; // both are in the list
  return { value: a.value + b.value, basis };
}
