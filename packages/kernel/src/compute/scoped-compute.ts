import type { Compute } from "../contract/compute-backend.ts";
import type { ComputePlane, ComputeScope, ModelUse } from "../contract/compute-plane.ts";

export interface ScopedComputeInit {
  readonly plane: ComputePlane;
  readonly scope: ComputeScope;
  /** Of the step; a call may bring its own. */
  readonly signal: AbortSignal;
  /** Hears what the plane did for each call that succeeded. */
  readonly onUse?: ((use: ModelUse) => void) | undefined;
}

/** The compute plane as one step sees it. */
export function scopedCompute({ plane, scope, signal, onUse }: ScopedComputeInit): Compute {
  return {
    async run(model, inputs, options) {
      const { outputs, use } = await plane.run({ ...scope, model, inputs, signal: options?.signal ?? signal });
      onUse?.(use);
      return outputs;
    },
    assets: (model) => plane.assets(model, { signal }),
  };
}
