import { describe, expect, test } from "vitest";
import { poolKit, type PoolKit } from "../../test/pool-kit.ts";
import { PoolEnergy } from "../energy/pool-energy.ts";
import type { PoolOptions } from "../pools/pool-options.ts";
import type { RunMeter } from "../pools/run/run-meter.ts";
import { computeSnapshotSchema, type PoolSnapshot } from "./compute-snapshot.ts";
import { PoolMonitor } from "./pool-monitor.ts";

/** A real pool over scripted hosts (10 ms and 1 ms per item), watched. */
function watched(options: Partial<PoolOptions> = {}): PoolKit & { snapshot(): PoolSnapshot } {
  const watching: { monitor?: PoolMonitor } = {};
  const meterRun: RunMeter = () => watching.monitor?.beginRun() ?? (() => undefined);
  const kit = poolKit({ ...options, meterRun, observe: (event) => watching.monitor?.observe(event) });
  const { clock, pool } = kit;
  const monitor = new PoolMonitor({
    clock,
    energy: new PoolEnergy({ clock, assumed: { watts: 50, basis: "declared" } }),
    deviceKind: "cpu",
    slots: 1,
    gramsPerKwh: () => 360,
    flopsOf: () => 1e6,
  });
  watching.monitor = monitor;
  return { ...kit, snapshot: () => monitor.snapshot(pool) };
}

describe("a pool that is watched", () => {
  test("says what it did, what that computed and what it took", async () => {
    const { clock, submit, snapshot } = watched();
    const first = submit([0, 0]);
    await clock.advance(1);
    const others = Array.from({ length: 9 }, (_, index) => submit([index, index]));
    await clock.advance(2999);
    const results = await Promise.all([first, ...others]);
    // The first was alone (11 ms), the others ran together after it (19 ms).
    const { windows, totals, ...now } = snapshot();
    expect(windows["10s"]).toMatchObject({ runs: 2, items: 10, itemsPerRun: 5, flopsKnown: 1, failedRuns: 0 });
    expect(windows["10s"].busyFraction).toBeCloseTo(0.03 / 3, 6);
    expect(windows["10s"].batchFill).toBeCloseTo(10 / 128, 6);
    expect(windows["10s"].joules).toBeCloseTo(0.03 * 50, 6);
    expect(windows["10s"].flopsPerSecond).toBeCloseTo(10e6 / 3, 0);
    expect(windows["10s"].flopsPerWatt).toBeCloseTo(10e6 / 1.5, 0);
    expect(windows["10s"].carbonGrams).toBeCloseTo((1.5 / 3.6e6) * 360, 9);
    expect(totals).toMatchObject({ runs: { ok: 2 }, releases: { drained: 2 }, hosts: { started: 1 } });
    expect(now).toMatchObject({ busySlots: 0, queuedCalls: 0, models: ["doubling/fp32"], hosts: [{ state: "up" }] });
    // The energies of the calls, each its part of its run, are those of the pool.
    const shares = results.map(({ energy, ownItems, batchItems }) => ((energy?.joules ?? 0) * ownItems) / batchItems);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1.5, 6);
  });

  test("is busy while a run is under way, before it ends", async () => {
    const { clock, submit, snapshot } = watched();
    const long = submit(Array.from({ length: 4000 }, () => 1));
    await clock.advance(1500);
    expect(snapshot()).toMatchObject({ busySlots: 1, windows: { "10s": { busyFraction: 1, runs: 0 } } });
    await clock.advance(1500);
    await long;
    expect(snapshot().windows["10s"].busyFraction).toBeCloseTo(2.01 / 3, 6);
  });

  test("counts refusals and hosts that are lost", async () => {
    const { clock, hosts, outcome, snapshot } = watched({ queue: { maxJobs: 1 } });
    const running = outcome([1, 1]);
    await clock.advance(5);
    const outcomes = [running, outcome([2, 2]), outcome([3, 3])];
    hosts.hosts[0]?.kill();
    await clock.advance(1000);
    await Promise.all(outcomes);
    const { totals } = snapshot();
    expect(totals.refusals).toEqual({ SG_COMPUTE_OVERLOADED: 1 });
    expect(totals.hosts).toEqual({ started: 2, lost: 1 });
    expect(totals.runs).toMatchObject({ lost: 1 });
  });

  test("says so in the shape that is published", () => {
    const snapshot = watched().snapshot();
    expect(computeSnapshotSchema.parse({ at: "2026-01-01T00:00:00Z", pools: [snapshot] }).pools[0]).toEqual(snapshot);
  });
});
