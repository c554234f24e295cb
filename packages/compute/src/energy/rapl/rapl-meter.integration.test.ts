import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryLog } from "../../../test/host-kit.ts";
import { openRaplMeter } from "./rapl-meter.ts";

let folder: string;

/** A zone as Linux shows it in /sys/class/powercap. */
async function zone(name: string, kind: string, microjoules: number): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "name"), `${kind}\n`);
  await writeFile(join(path, "max_energy_range_uj"), "262143328850\n");
  await writeFile(join(path, "energy_uj"), `${microjoules}\n`);
  return join(path, "energy_uj");
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-rapl-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("packages are read and added up; their parts and the platform, which hold the same energy, are not", async () => {
  const clock = createFakeClock();
  const counter = await zone("intel-rapl:0", "package-0", 1_000_000);
  await zone("intel-rapl:0:0", "core", 700_000);
  await zone("intel-rapl:1", "package-1", 5_000_000);
  await zone("intel-rapl:2", "psys", 9_000_000);
  const meter = await openRaplMeter({ clock, log: createMemoryLog(), folder });
  const readings: number[] = [];
  meter?.start({ reading: (joules) => readings.push(joules), lost: () => readings.push(NaN) });
  await vi.waitFor(() => expect(readings).toEqual([0]));
  await writeFile(counter, "3500000\n");
  await clock.advance(200);
  await vi.waitFor(() => expect(readings).toEqual([0, 2.5]));
  await rm(counter);
  await clock.advance(200);
  await vi.waitFor(() => expect(readings).toEqual([0, 2.5, NaN]));
  meter?.stop();
  await vi.waitFor(() => expect(clock.pendingTimers).toBe(0));
});

test("where there are no counters there is no meter", async () => {
  const options = { clock: createFakeClock(), log: createMemoryLog() };
  expect(await openRaplMeter({ ...options, folder })).toBeUndefined();
  expect(await openRaplMeter({ ...options, folder: join(folder, "absent") })).toBeUndefined();
});

test("counters that cannot be read are no meter, and the log says what to do", async () => {
  const log = createMemoryLog();
  const counter = await zone("intel-rapl:0", "package-0", 1);
  await rm(counter);
  await mkdir(counter); // refused to everybody, as the real one is to all but root
  expect(await openRaplMeter({ clock: createFakeClock(), log, folder })).toBeUndefined();
  expect(JSON.stringify(log.lines)).toContain("energy_uj");
});
