import { availableParallelism } from "node:os";
import type { Clock, DeviceKind, Log } from "@stargate/kernel";
import { DevicePower } from "./device-power.ts";
import { createNvidiaSmi, type NvidiaSmiOptions } from "./nvidia/nvidia-smi.ts";
import { physicalGpu } from "./nvidia/power-lines.ts";
import { PoolEnergy, type SlotPower } from "./pool-energy.ts";
import type { PowerMeter } from "./power-meter.ts";
import { openRaplMeter, type RaplMeterOptions } from "./rapl/rapl-meter.ts";

/**
 * Power of one thread of a processor at full load, when nothing else is known. Etsy's Cloud Jewels as the Cloud Carbon
 * Footprint project has them: 3.5 W per vCPU of AWS's servers, 3.8 W of Azure's, 4.3 W of Google's.
 */
const WATTS_PER_THREAD = 3.5;

/** A pool as far as its power goes. */
export interface PoweredPool {
  readonly device: string;
  readonly deviceKind: DeviceKind;
  readonly slots: number;
  /** What the operator says a busy slot draws. */
  readonly declaredWatts: number | undefined;
}

/** Finds meters for the devices of pools. */
export interface PowerMeters {
  energyOf(pool: PoweredPool): Promise<PoolEnergy>;
  /** Ends every meter. */
  close(): void;
}

export interface PowerMetersOptions {
  readonly clock: Clock;
  /** Timers nobody waits for. */
  readonly idleClock: Clock;
  readonly log: Log;
  readonly nvidia?: Pick<NvidiaSmiOptions, "command"> | undefined;
  readonly rapl?: Pick<RaplMeterOptions, "folder"> | undefined;
}

/** Measures what can be measured; the rest is what operators declare, and for processors an estimate. */
export function createPowerMeters({ clock, idleClock, log, nvidia, rapl }: PowerMetersOptions): PowerMeters {
  const smi = createNvidiaSmi({ ...nvidia, clock: idleClock, log });
  const devices = new Map<string, Promise<DevicePower | undefined>>();

  async function openDevice(key: string, pool: PoweredPool): Promise<DevicePower | undefined> {
    const meter = await openMeter(key);
    const watts = (declaredOf(pool) ?? estimateOf(pool))?.watts ?? 0;
    return meter && new DevicePower(clock, meter, (runs) => watts * runs);
  }

  async function openMeter(key: string): Promise<PowerMeter | undefined> {
    if (key === "processor") return openRaplMeter({ ...rapl, clock: idleClock, log });
    return smi.meter(Number(key));
  }

  return {
    async energyOf(pool) {
      const key = meteredDevice(pool);
      if (key !== undefined && !devices.has(key)) devices.set(key, openDevice(key, pool));
      const device = key === undefined ? undefined : await devices.get(key);
      return new PoolEnergy({ clock, device, assumed: declaredOf(pool) ?? estimateOf(pool) });
    },
    close() {
      for (const device of devices.values()) void device.then((open) => open?.close());
    },
  };
}

/** Devices of different names may be the same chip: what is measured of one is shared by both. */
function meteredDevice({ device, deviceKind }: PoweredPool): string | undefined {
  if (deviceKind === "cpu") return "processor";
  if (deviceKind !== "cuda" && deviceKind !== "tensorrt") return undefined;
  const gpu = physicalGpu(Number(device.split(":")[1] ?? 0), process.env["CUDA_VISIBLE_DEVICES"]);
  return gpu === undefined ? undefined : String(gpu);
}

function declaredOf({ declaredWatts }: PoweredPool): SlotPower | undefined {
  return declaredWatts === undefined ? undefined : { watts: declaredWatts, basis: "declared" };
}

/** A slot computes with one thread; more slots than threads share them. */
function estimateOf({ deviceKind, slots }: PoweredPool): SlotPower | undefined {
  if (deviceKind !== "cpu") return undefined;
  return { watts: WATTS_PER_THREAD * Math.min(1, availableParallelism() / slots), basis: "estimated" };
}
