import { type BackendDevice, type BackendProbe, type ComputeBackend, didYouMean } from "@stargate/kernel";
import { type ComputeConfig, type PoolConfig, poolConfigSchema } from "./compute-config.ts";
import { fail } from "./plane-errors.ts";

export interface ProbedBackend {
  readonly backend: ComputeBackend;
  readonly probe: BackendProbe;
}

/** A pool that is to be opened. */
export interface PoolPlan {
  readonly id: string;
  readonly backend: ComputeBackend;
  /** Of the engine: "1.30.0". */
  readonly version: string;
  readonly device: BackendDevice;
  readonly config: PoolConfig;
}

/**
 * Which pools there are: those of the configuration, or one for each device the backends really have. A pool on a
 * device of this machine that is not there is an error, never another device in silence; a remote server that does not
 * answer now may do so later. Throws SG_COMPUTE_POOL_CONFIG, SG_COMPUTE_DEVICE.
 */
export function planPools(config: Pick<ComputeConfig, "pools">, probed: readonly ProbedBackend[]): readonly PoolPlan[] {
  if (config.pools === undefined) return automaticPools(probed);
  return Object.entries(config.pools).map(([id, pool]) => {
    const found = probed.find(({ backend }) => backend.id === pool.backend);
    if (found === undefined) {
      const nearest = didYouMean(
        pool.backend,
        probed.map(({ backend }) => backend.id),
      );
      throw fail(
        "SG_COMPUTE_POOL_CONFIG",
        `Pool "${id}" is on the backend "${pool.backend}", which no open adapter brings${nearest}`,
      );
    }
    return {
      id,
      backend: found.backend,
      version: found.probe.version,
      device: deviceOf(id, pool, found.probe),
      config: pool,
    };
  });
}

function deviceOf(id: string, pool: PoolConfig, { devices }: BackendProbe): BackendDevice {
  const device =
    pool.device === undefined
      ? (devices.find(({ available }) => available) ?? devices[0])
      : devices.find((some) => some.id === pool.device);
  if (device !== undefined && (device.available || device.kind === "remote")) return device;
  const known = devices.map((some) => `${some.id}${some.available ? "" : ` (${some.reason ?? "not available"})`}`);
  throw fail(
    "SG_COMPUTE_DEVICE",
    `Pool "${id}" is on ${device === undefined ? `device "${pool.device ?? ""}"` : `"${device.id}"`}, which cannot be used: ${device?.reason ?? "there is none"}`,
    { hint: `Devices of "${pool.backend}": ${known.join(", ") || "none"}.` },
  );
}

function automaticPools(probed: readonly ProbedBackend[]): readonly PoolPlan[] {
  const usable = probed.flatMap(({ backend, probe }) =>
    probe.devices
      .filter(({ available, kind }) => available || kind === "remote")
      .map((device) => ({ backend, version: probe.version, device })),
  );
  return usable.map(({ backend, version, device }) => {
    const isUnique = usable.filter((other) => other.device.id === device.id).length === 1;
    const id = isUnique ? device.id : `${backend.id}:${device.id}`;
    return { id, backend, version, device, config: poolConfigSchema.parse({ backend: backend.id, device: device.id }) };
  });
}
