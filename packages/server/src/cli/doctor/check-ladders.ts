import type { AnyTransform } from "@stargate/kernel";
import type { OpenModelStore } from "../../compute/open-model-store.ts";
import type { Finding } from "./finding.ts";

/** Transforms that would answer in a lesser way, or not at all, because none of their models is on this machine. */
export function ladderFindings(
  transforms: readonly AnyTransform[],
  { store }: Pick<OpenModelStore, "store">,
): readonly Finding[] {
  const usable = new Set(
    store.list().flatMap(({ model, state }) => (state === "ready" || state === "fetchable" ? [model] : [])),
  );
  const needsAccepting = (model: string): boolean => store.list().some((one) => one.model === model && !one.isPinned);
  return transforms.flatMap(({ id, ladder }): readonly Finding[] => {
    const models = ladder.flatMap(({ model }) => (model === undefined ? [] : [model]));
    const [best, ...lesser] = models;
    // A transform with a single way says so itself, whenever it is asked.
    if (best === undefined || ladder.length < 2 || models.some((model) => usable.has(model))) return [];
    const last = ladder.find(({ model }) => model === undefined);
    return [
      {
        check: "models",
        status: "warning",
        message: `${id} has none of its models on this machine${last === undefined ? "" : `, and makes do with ${last.name}`}`,
        hint: `Run stargate models pull ${best}${needsAccepting(best) ? " --accept" : ""}${lesser.length === 0 ? "" : ` (or ${lesser.join(", ")}: smaller and less exact)`}`,
      },
    ];
  });
}
