import type { Clock, Log, ModelCall, ModelSpec, ModelVariant, TensorMap } from "@stargate/kernel";
import type { PoolResult } from "../pools/pool.ts";
import { agreement } from "../quality/compare-outputs.ts";
import type { QualityObservation } from "../route/types/observation.ts";

/** Comparisons under way at once: they must never become load of their own. */
const MAX_AT_ONCE = 2;
const LONGEST_MS = 30_000;

export interface ShadowOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** Share of the calls that are compared. */
  readonly share: number;
  /** Runs a variant where there is room, as the least important work. */
  readonly run: (
    spec: ModelSpec,
    variant: ModelVariant,
    inputs: TensorMap,
    limits: ShadowLimits,
  ) => Promise<PoolResult>;
  readonly observe: (observation: QualityObservation) => void;
}

export interface ShadowLimits {
  readonly tenant: string;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Constraints of the compared call hold for the comparison too: data does not leave its residency to be compared. */
  readonly policy: ModelCall["policy"];
}

/** Answers some calls a second time with the best variant, in the background, to learn how good the others are. */
export interface Shadow {
  consider(call: ModelCall, spec: ModelSpec, used: string, best: ModelVariant, outputs: TensorMap): void;
  /** Waits for comparisons under way. */
  settled(): Promise<void>;
}

export function createShadow({ clock, log, random, share, run, observe }: ShadowOptions): Shadow {
  const running = new Set<Promise<void>>();

  const compare = async (
    { model, inputs, tenant, policy }: ModelCall,
    spec: ModelSpec,
    used: string,
    best: ModelVariant,
    outputs: TensorMap,
  ): Promise<void> => {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const deadlineMs = clock.nowMs() + LONGEST_MS;
    const reference = await run(spec, best, inputs, { tenant, signal, deadlineMs, policy });
    const score = agreement(outputs, reference.outputs) * best.quality;
    observe({ model, variant: used, score, source: "shadow" });
  };

  return {
    consider(call, spec, used, best, outputs) {
      if (share === 0 || best.name === used || running.size >= MAX_AT_ONCE || random() >= share) return;
      const done = compare(call, spec, used, best, outputs).catch((error: unknown) => {
        log.debug("A shadow comparison did not come about", { model: call.model, error: String(error) });
      });
      running.add(done);
      void done.finally(() => running.delete(done));
    },
    async settled() {
      await Promise.all(running);
    },
  };
}
