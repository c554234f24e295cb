import type { DeviceKind } from "@stargate/kernel";
import type { SlotPower } from "../energy/pool-energy.ts";
import type { Pool } from "../pools/pool.ts";
import type { PoolBreaker } from "../resilience/pool-breaker.ts";
import type { PoolConfig } from "./compute-config.ts";

/** A pool together with what its operator says of it and what guards it. */
export interface OpenPool {
  readonly pool: Pool;
  readonly config: PoolConfig;
  readonly deviceKind: DeviceKind;
  readonly breaker: PoolBreaker;
  /** Undefined where nobody knows: a remote server that declares nothing. */
  slotPower(): SlotPower | undefined;
  /** Carbon intensity of its power at an hour of the day, UTC. */
  gramsPerKwh(hour: number): number | undefined;
}
