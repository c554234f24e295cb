import { type ComputePolicy, matchesGlob } from "@stargate/kernel";
import type { ModelStore } from "../store/model-store.ts";
import type { RouteRequest } from "../route/types/route-request.ts";

/**
 * Where the policy wants this model to run: the place of the first of `compute.models` that fits its id, else that of all
 * models. Throws SG_COMPUTE_UNKNOWN_MODEL for a pin whose name is that of no model: it would pin nothing, in silence.
 */
export function pinOf({ compute }: ComputePolicy, model: string, store: Pick<ModelStore, "spec">): RouteRequest["pin"] {
  if (compute?.models === undefined) return compute;
  const { models, ...everyModel } = compute;
  for (const name of Object.keys(models)) if (!isGlob.test(name)) store.spec(name);
  const own = Object.entries(models).find(([name]) => matchesGlob(model, name));
  return own?.[1] ?? (Object.keys(everyModel).length === 0 ? undefined : everyModel);
}

const isGlob = /[*?]/;
