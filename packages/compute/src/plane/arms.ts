import type { ModelSpec, ModelVariant } from "@stargate/kernel";
import type { ModelStore } from "../store/model-store.ts";
import { type Arm, armId, type ArmBlock } from "../route/types/arm.ts";
import type { OpenPool } from "./open-pool.ts";

export interface ArmsOfModel {
  readonly spec: ModelSpec;
  readonly store: ModelStore;
  readonly pools: readonly OpenPool[];
  /** Quality of the rung these arms would serve, when a ladder is weighed. Default 1. */
  readonly rungQuality?: number | undefined;
  /** Hour of the day, UTC: carbon intensity goes by it. */
  readonly hour: number;
}

/** Every variant of a model on every pool: what the router chooses among, with what rules some of them out. */
export function armsOf({ spec, store, pools, rungQuality = 1, hour }: ArmsOfModel): readonly Arm[] {
  const open = pools.filter(({ pool }) => pool.formats.includes(spec.format));
  // A breaker never shuts the last place that is left: with none ready, all are tried, but not by everybody.
  const someReady = open.some(({ breaker }) => breaker.ready);
  return spec.variants.flatMap((variant) =>
    open.map((place): Arm => {
      const { pool, config } = place;
      const blocked = blockOf(spec, variant, place, store, someReady);
      const located = { spec, variant };
      return {
        id: armId({ pool: pool.id, model: `${spec.id}@${spec.version}`, variant: variant.name }),
        model: spec.id,
        variant: variant.name,
        pool: pool.id,
        backend: pool.backend,
        device: pool.device,
        deviceKind: place.deviceKind,
        region: config.region,
        tags: config.tags,
        quality: variant.quality * rungQuality,
        price: config.usdPerCall === undefined ? { usdPerHour: config.usdPerHour } : { usdPerCall: config.usdPerCall },
        watts: place.slotPower()?.watts,
        gramsPerKwh: place.gramsPerKwh(hour),
        cold: !pool.isLoaded(located),
        ...(blocked !== undefined && { blocked }),
      };
    }),
  );
}

function blockOf(
  spec: ModelSpec,
  variant: ModelVariant,
  { pool, deviceKind, breaker }: OpenPool,
  store: ModelStore,
  someReady: boolean,
): ArmBlock | undefined {
  if (variant.devices !== undefined && !variant.devices.includes(deviceKind))
    return { kind: "capability", detail: `variant "${variant.name}" is made for ${variant.devices.join(", ")}` };
  // What the settings of a model call `server` is a device of its backend, and no other has the model.
  const { server } = { ...spec.settings, ...variant.settings };
  if (deviceKind === "remote" && typeof server === "string" && server !== pool.device)
    return { kind: "capability", detail: `it is on the server "${server}"` };
  const state = store.state(spec, variant);
  if (state === "absent") return { kind: "absent", detail: `variant "${variant.name}" is not on this machine` };
  if (state === "unaccepted")
    return {
      kind: "absent",
      detail: `the digest of variant "${variant.name}" is not known and nobody has accepted it`,
    };
  if (!(someReady ? breaker.ready : breaker.readyAsLast))
    return {
      kind: "breaker",
      detail: `"${pool.id}" has failed several times in a row and is left alone for ${Math.ceil(breaker.pauseMs)} ms`,
    };
  return undefined;
}
