import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Log } from "@stargate/kernel";
import type { PowerMeter } from "../power-meter.ts";
import { RaplCounter, type RaplZone } from "./rapl-counter.ts";

const FOLDER = "/sys/class/powercap";
/** The counter moves every millisecond and runs over after minutes. */
const EVERY_MS = 200;

export interface RaplMeterOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Where Linux shows the counters. */
  readonly folder?: string | undefined;
}

/**
 * The energy counters of the processor's packages (Intel's RAPL, which AMD has since Zen, too), as Linux shows them:
 * cores and caches, not memory, disks or fans, and whatever else the machine does besides. undefined where there are
 * none, or nobody may read them: since 2020 that is root alone (CVE-2020-8694).
 */
export async function openRaplMeter({
  clock,
  log,
  folder = FOLDER,
}: RaplMeterOptions): Promise<PowerMeter | undefined> {
  const zones = await findZones(folder);
  if (zones.length === 0) return undefined;
  try {
    await readZones(zones);
  } catch {
    log.info("The processor's energy counters cannot be read: power is estimated", {
      hint: `Let the gateway's user read ${join(folder, "intel-rapl:*", "energy_uj")}; docs/energy.md says how.`,
    });
    return undefined;
  }
  const counter = new RaplCounter();
  let cancelNext: (() => void) | undefined;
  let isStopped = false;
  return {
    source: "rapl",
    start(listener) {
      const read = async (): Promise<void> => {
        const readings = await readZones(zones).catch(() => undefined);
        if (isStopped) return;
        if (readings === undefined) listener.lost();
        else listener.reading(counter.take(readings));
        cancelNext = clock.timer(EVERY_MS, () => void read());
      };
      void read();
    },
    stop() {
      isStopped = true;
      cancelNext?.();
    },
  };
}

/** Packages: "intel-rapl:0". What lies inside them ("intel-rapl:0:0") is part of them. */
async function findZones(folder: string): Promise<readonly RaplZone[]> {
  const names = await readdir(folder).catch(() => []);
  const zones = names
    .filter((name) => /^intel-rapl:\d+$/.test(name))
    .map(async (name): Promise<readonly RaplZone[]> => {
      const path = join(folder, name);
      const [kind, most] = await Promise.all([
        readFile(join(path, "name"), "utf8").catch(() => ""),
        readFile(join(path, "max_energy_range_uj"), "utf8").catch(() => ""),
      ]);
      // "psys", the whole platform, holds the packages once more.
      if (!kind.startsWith("package") || !(Number(most) > 0)) return [];
      return [{ path: join(path, "energy_uj"), maxMicrojoules: Number(most) }];
    });
  return (await Promise.all(zones)).flat();
}

async function readZones(zones: readonly RaplZone[]) {
  return Promise.all(zones.map(async (zone) => ({ zone, microjoules: Number(await readFile(zone.path, "utf8")) })));
}
