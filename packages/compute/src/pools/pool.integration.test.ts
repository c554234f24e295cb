import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import onnx from "@stargate/adapter-onnx";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMemoryLog, machineClock } from "../../test/host-kit.ts";
import { modelHosts } from "../hosts/open-model-hosts.ts";
import type { LocatedVariant } from "../store/model-store.ts";
import { createPool, type HostPool } from "./create-pool.ts";
import type { PoolEvent } from "./pool-events.ts";
import type { PoolOptions } from "./pool-options.ts";
import type { PoolResult } from "./pool.ts";

/**
 * y = x * x for rows of four float32 values: written by hand, field by field (onnx/onnx.proto), so that the test needs
 * neither a file nor a library.
 */
function squareModel(): Uint8Array {
  const bytes = (field: number, content: readonly number[]): number[] => [field * 8 + 2, content.length, ...content];
  const text = (field: number, value: string): number[] => bytes(field, [...new TextEncoder().encode(value)]);
  const number = (field: number, value: number): number[] => [field * 8, value];
  const tensor = (name: string): number[] => [
    ...text(1, name),
    ...bytes(2, bytes(1, [...number(1, 1), ...bytes(2, [...bytes(1, text(2, "batch")), ...bytes(1, number(1, 4))])])),
  ];
  const node = [...text(1, "x"), ...text(1, "x"), ...text(2, "y"), ...text(4, "Mul")];
  const graph = [...bytes(1, node), ...text(2, "square"), ...bytes(11, tensor("x")), ...bytes(12, tensor("y"))];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 17))]);
}

async function squares(): Promise<LocatedVariant> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-pool-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "square.onnx");
  await writeFile(path, squareModel());
  const variant = {
    name: "fp32",
    quality: 1,
    files: [{ name: "square.onnx", urls: [], sha256: null, sizeBytes: null }],
  };
  const spec = {
    id: "square",
    version: "1.0.0",
    summary: "Squares",
    licence: "Apache-2.0",
    format: "onnx",
    variants: [variant],
  };
  return { spec, variant, paths: { "square.onnx": path }, digest: null };
}

interface RealPool {
  readonly pool: HostPool;
  readonly events: readonly PoolEvent[];
  square(row: readonly number[]): Promise<PoolResult>;
}

async function realPool(slots: number, options: Partial<PoolOptions> = {}): Promise<RealPool> {
  const [backend] = onnx().backends;
  const events: PoolEvent[] = [];
  const located = await squares();
  const pool = createPool({
    id: "cpu",
    backend: "onnx",
    device: "cpu",
    formats: ["onnx"],
    slots,
    openHost: modelHosts(backend!, { clock: machineClock, log: createMemoryLog() }),
    clock: machineClock,
    observe: (event) => events.push(event),
    ...options,
  });
  onTestFinished(() => pool.close({ force: true }));
  return {
    pool,
    events,
    square: (row) =>
      pool.submit({
        located,
        inputs: { x: { dtype: "float32", shape: [row.length / 4, 4], data: Float32Array.from(row) } },
        signal: new AbortController().signal,
        deadlineMs: Infinity,
        criticality: "normal",
      }),
  };
}

const processes = ({ pool }: RealPool): number[] => pool.status().flatMap(({ processId }) => processId ?? []);

describe("a pool of real processes", () => {
  test("answers calls that shared a run as if each had been alone", async () => {
    const real = await realPool(1);
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => real.square([index, 1, 2, 3])));
    expect(results.map(({ outputs }) => Array.from(outputs["y"]?.data ?? [], Number))).toEqual(
      Array.from({ length: 20 }, (_, index) => [index * index, 1, 4, 9]),
    );
    expect(Math.max(...results.map(({ batchItems }) => batchItems))).toBe(20);
    expect(results[0]).toMatchObject({ device: "cpu", deviceKind: "cpu", ownItems: 1 });
  });

  test("loses no call when a process is killed again and again under load", async () => {
    const real = await realPool(2);
    await real.square([0, 0, 0, 0]);
    let asked = 0;
    let failed = 0;
    let answered = 0;
    let killed = 0;
    const killedIds = new Set<number>();
    const client = async (name: number): Promise<void> => {
      // The first client goes on until there were three living processes to kill.
      for (let call = 0; call < 150 || (name === 0 && killed < 3); call++) {
        asked += 1;
        try {
          const { outputs } = await real.square([name, call, 0, 0]);
          answered += Number(outputs["y"]?.data[0] === name * name && outputs["y"]?.data[1] === call * call);
        } catch {
          failed += 1;
        }
        const [victim] = processes(real);
        const isDue = name === 0 && killed < 3 && call >= 20 + 50 * killed;
        if (!isDue || victim === undefined || killedIds.has(victim)) continue;
        process.kill(victim, "SIGKILL");
        killedIds.add(victim);
        killed += 1;
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, name) => client(name)));
    expect({ killed, failed, answered }).toEqual({ killed: 3, failed: 0, answered: asked });
    expect(real.events.filter((event) => event.kind === "host" && event.what === "lost")).toHaveLength(3);
  });

  test("gives up a process that stands still, and answers from another", async () => {
    const real = await realPool(1);
    for (let call = 0; call < 10; call++) await real.square([1, 2, 3, 4]);
    const [stopped] = processes(real);
    process.kill(stopped!, "SIGSTOP");
    const { outputs } = await real.square([1, 2, 3, 4]);
    expect(outputs["y"]?.data).toEqual(Float32Array.of(1, 4, 9, 16));
    expect(processes(real)).not.toContain(stopped);
  });

  test("says what is wrong with inputs that do not fit, and answers the others", async () => {
    const real = await realPool(1);
    await real.square([1, 1, 1, 1]);
    const outcomes = await Promise.allSettled([
      real.square([1, 2, 3, 4]),
      real.square([1, 2, 3, 4, 5]),
      real.square([5, 6, 7, 8]),
    ]);
    expect(outcomes).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "SG_COMPUTE_INPUT" } },
      { status: "fulfilled" },
    ]);
  });

  test("replaces processes after a number of runs while calls go on", async () => {
    const real = await realPool(1, { maxRunsPerHost: 10 });
    const seen = new Set<number>();
    for (let call = 0; call < 1e5 && seen.size < 3; call++) {
      await real.square([call, 0, 0, 0]);
      for (const id of processes(real)) seen.add(id);
    }
    expect(seen.size).toBe(3);
  });
});
