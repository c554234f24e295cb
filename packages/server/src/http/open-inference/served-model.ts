import type { ModelStore } from "@stargate/compute";
import { didYouMean, fail as failKernel, type ModelSpec } from "@stargate/kernel";
import type { Exchange } from "../exchange.ts";

/** The model that a path names. Throws SG_COMPUTE_UNKNOWN_MODEL for a model or version that is not declared. */
export async function servedModel({ context, gateway }: Exchange): Promise<ModelSpec> {
  const name = context.req.param("name") ?? "";
  const version = context.req.param("version");
  const { plane } = await gateway.compute.open();
  const spec = plane.store.spec(name);
  if (version === undefined || version === spec.version) return spec;
  throw failKernel(
    "SG_COMPUTE_UNKNOWN_MODEL",
    `Model "${name}" has the version "${spec.version}", not "${version}"${didYouMean(version, [spec.version])}`,
  );
}

/** Why a model cannot run here and now; undefined when it can. Looks, and loads nothing. */
export function unreadiness(store: Pick<ModelStore, "state">, spec: ModelSpec): string | undefined {
  const states = spec.variants.map((variant) => store.state(spec, variant));
  if (states.includes("ready")) return undefined;
  if (states.includes("fetchable")) return "its files are fetched when it is first used";
  return states.includes("unaccepted")
    ? "the operator has not accepted its files, whose digest is not known"
    : "its files are not here";
}
