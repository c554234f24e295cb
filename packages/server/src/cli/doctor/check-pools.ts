import { isStargateError } from "@stargate/kernel";
import { openConfiguredGate } from "../../gateway/create-gateway.ts";
import { createLogger } from "../../observe/logger.ts";
import { fine, type Check } from "./finding.ts";

/** Compute pools: every configured one is on a device that is there, and how the energy of each is known. */
export const checkPools: Check = async ({ config, directory }) => {
  const log = createLogger({ log: { level: "silent" } });
  try {
    await using opened = await openConfiguredGate({ config, directory }, { log });
    const { plane } = await opened.compute.open();
    const pools = await plane.pools();
    if (pools.length === 0) return fine("compute", "No pools: no adapter that runs models is open");
    return pools.flatMap((place) => {
      const { pool, deviceKind } = place;
      const power = place.slotPower();
      const energy = power === undefined ? "its energy is not known" : `energy ${power.basis}`;
      return fine("compute", `pool ${pool.id}: ${pool.backend} on ${pool.device} (${deviceKind}), ${energy}`);
    });
  } catch (error) {
    // What is wrong with adapters is told where they are looked at.
    if (isStargateError(error) && error.code === "SG_CONFIG_ADAPTER") return [];
    if (!isStargateError(error)) throw error;
    return [{ check: "compute", status: "failed", message: error.message, hint: error.hint }];
  }
};
