import { isStargateError } from "@stargate/kernel";
import { loadAdapters } from "../../composition-root.ts";
import { createGatewayCompute } from "../../compute/gateway-compute.ts";
import { silentLog } from "../../host/log-adapter.ts";
import { fine, type Check } from "./finding.ts";

/** Compute pools: every configured one is on a device that is there, and how the energy of each is known. */
export const checkPools: Check = async ({ config, directory }) => {
  try {
    const adapters = await loadAdapters(config, directory);
    await using compute = createGatewayCompute({ config, directory }, { log: silentLog, secret: () => undefined });
    compute.plane.attach?.({
      models: adapters.flatMap(({ models }) => models),
      backends: adapters.flatMap(({ backends }) => backends),
    });
    const { plane } = await compute.open();
    const pools = await plane.pools();
    if (pools.length === 0) return fine("compute", "No pools: no adapter that runs models is open");
    return pools.flatMap((place) => {
      const { pool, deviceKind } = place;
      const power = place.slotPower();
      const energy = power === undefined ? "its energy is not known" : `energy ${power.basis}`;
      return fine("compute", `pool ${pool.id}: ${pool.backend} on ${pool.device} (${deviceKind}), ${energy}`);
    });
  } catch (error) {
    if (!isStargateError(error)) throw error;
    if (error.code === "SG_CONFIG_ADAPTER") return []; // told where adapters are looked at
    return [{ check: "compute", status: "failed", message: error.message, hint: error.hint }];
  }
};
