import { throwIfCancelled, type ModelSignature } from "@stargate/kernel";
import type { LocatedVariant } from "../../store/model-store.ts";
import { modelKey } from "../model-key.ts";
import type { PoolContext } from "../pool-context.ts";
import { fail, isHostLost } from "../pool-errors.ts";
import type { LiveHost } from "../slots/live-host.ts";
import { loadPatiently } from "./load-model.ts";

/** Hosts that may end over it before that is told. */
const MOST_TRIES = 2;

/** Loads a model without running it, on the host that has most room for it. */
export async function loadNow(
  context: PoolContext,
  located: LocatedVariant,
  signal: AbortSignal,
): Promise<ModelSignature> {
  for (let attempt = 1; ; attempt++) {
    throwIfCancelled(signal, `Loading model "${located.spec.id}"`);
    const live = await hostFor(context, located);
    live.begin();
    try {
      const lease = await loadPatiently(context, live, located);
      lease.release();
      return lease.model.signature;
    } catch (error) {
      if (!isHostLost(error) || live.lostReason === undefined || attempt === MOST_TRIES) throw error;
      context.loadCrashes.add(modelKey(located));
    } finally {
      live.end();
      context.pump();
    }
  }
}

/** The host that has the model, else the one with the fewest; one is started when none is up. */
async function hostFor({ slots, settings }: PoolContext, located: LocatedVariant): Promise<LiveHost> {
  const key = modelKey(located);
  const healthy = (): LiveHost[] => slots.flatMap(({ live }) => (live?.isHealthy === true ? [live] : []));
  if (healthy().length === 0) {
    if (!slots.some(({ isStarting }) => isStarting)) slots.find(({ isEmpty }) => isEmpty)?.start();
    await Promise.race(slots.filter(({ isStarting }) => isStarting).map((slot) => slot.started()));
  }
  const [best] = healthy().sort(
    (a, b) => Number(b.models.has(key)) - Number(a.models.has(key)) || a.models.count - b.models.count,
  );
  if (best !== undefined) return best;
  const cause = slots.find(({ lastFailure }) => lastFailure !== undefined)?.lastFailure;
  throw cause ?? fail("SG_COMPUTE_HOST_LOST", `No host of pool "${settings.id}" is up`);
}
