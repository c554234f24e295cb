import type { ComputeSnapshot } from "@stargate/compute";
import { expect, test } from "vitest";
import { formatSnapshot } from "./format-snapshot.ts";

type Pool = ComputeSnapshot["pools"][number];
type Window = Pool["windows"]["10s"];

const idle: Window = {
  seconds: 10,
  busyFraction: 0,
  runs: 0,
  failedRuns: 0,
  items: 0,
  itemsPerRun: null,
  batchFill: null,
  flopsPerSecond: null,
  flopsKnown: null,
  joules: null,
  joulesBasis: null,
  watts: null,
  flopsPerWatt: null,
  carbonGrams: null,
  releases: {},
  refusals: {},
  hosts: {},
};
const busy: Window = {
  ...idle,
  busyFraction: 0.73,
  runs: 123,
  items: 1230,
  batchFill: 0.15,
  flopsPerSecond: 4.12e10,
  flopsKnown: 1,
  joules: 70,
  joulesBasis: "measured",
  watts: 7,
  flopsPerWatt: 5.886e9,
  releases: { drained: 110, items: 13 },
};
const pool = (id: string, now: Window, more: Partial<Pool> = {}): Pool => ({
  id,
  backend: "onnx",
  device: id,
  deviceKind: "cpu",
  slots: 2,
  busySlots: 1,
  queuedCalls: 3,
  backlogMs: 40,
  models: [],
  hosts: [],
  power: { source: "rapl", wattsPerBusySlot: 3.5, basis: "measured", gramsPerKwh: null },
  windows: { "10s": now, "60s": now },
  totals: {
    busySeconds: 0,
    runs: {},
    items: 0,
    flops: 0,
    joules: {},
    carbonGrams: 0,
    releases: {},
    refusals: {},
    hosts: {},
  },
  ...more,
});
const linesOf = (...pools: readonly Pool[]): readonly string[] =>
  formatSnapshot({ at: "2026-01-02T03:04:05.678Z", pools: [...pools] }).split("\n");

test("every pool is a line, and its columns stand under their headings", () => {
  expect(linesOf(pool("cpu", busy), pool("cuda:0", idle))).toEqual([
    "2026-01-02 03:04:05 UTC, last 10 s",
    "",
    "POOL    BUSY             SLOTS  QUEUE  RUNS/s  ITEMS/s  FILL  FLOP/s  WATTS  J/ITEM  FLOP/s/W  ENERGY",
    "cpu     ███████░░░  73%    1/2      3    12.3      123   15%   41.2G      7   56.9m     5.89G  rapl",
    "  runs began because: drained 110, items 13",
    "cuda:0  ░░░░░░░░░░   0%    1/2      3       0        0     -       -      -       -         -  rapl",
    "",
  ]);
});

test("what is not known of everything is told as more than that", () => {
  const [, , , line] = linesOf(pool("cpu", { ...busy, flopsKnown: 0.5, flopsPerWatt: null }));
  expect(line).toContain(">41.2G");
});

test("what needs attention stands under its pool", () => {
  const troubled = pool(
    "cpu",
    { ...busy, failedRuns: 2, releases: {}, refusals: { SG_COMPUTE_OVERLOADED: 7 }, hosts: { lost: 1, started: 2 } },
    {
      models: ["clip/int8", "minilm/fp32"],
      hosts: [
        { slot: 0, state: "up", running: 1, runs: 9, memoryBytes: 1, models: [] },
        { slot: 1, state: "paused", running: 0, runs: 0, memoryBytes: null, models: [] },
      ],
    },
  );
  expect(linesOf(troubled).slice(4)).toEqual([
    "  models: clip/int8, minilm/fp32",
    "  refused in the last minute: SG_COMPUTE_OVERLOADED 7",
    "  hosts in the last minute: lost 1, started 2",
    "  failed runs: 2",
    "  slot 1 is paused",
    "",
  ]);
});

test("carbon is told where the power's intensity is known", () => {
  const window = { ...busy, releases: {}, carbonGrams: 0.02 };
  expect(linesOf(pool("cpu", window))[4]).toBe("  carbon: 7.2g/h");
});

test("nothing to compute with is no empty table", () => {
  expect(linesOf()).toContain("There are no pools: no open adapter brings a backend that works here.");
});

test.for([
  [0.000_45, "450µ"],
  [999.6, "1k"],
  [1000, "1k"],
  [1e15, "1P"],
  [5e18, "5E"],
  [0, "0"],
] as const)("%d watts are written %s", ([watts, written]) => {
  expect(linesOf(pool("cpu", { ...idle, watts }))[3]).toMatch(new RegExp(` ${written} +-`));
});
