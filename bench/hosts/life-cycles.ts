import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import onnx from "@stargate/adapter-onnx";
import type { ComputeBackend } from "@stargate/kernel";
import { residentMib } from "../support/process-memory.ts";
import { type BenchResult, result } from "../support/result.ts";
import { median } from "../support/statistics.ts";
import { live, openHost, source } from "./open-host.ts";

const OPENINGS = 7;
const CYCLES = 1000;
const CEILING_BYTES = 300 * 2 ** 20;
/** 8 MB of weights that are part of the model, so that what is not given back adds up. */
const WEIGHTS = 2 ** 21;

/** Time until hosts are ready, and memory over a thousand models loaded, run and unloaded in hosts that are replaced. */
export async function measureLifeCycles(): Promise<readonly BenchResult[]> {
  const [backend] = onnx().backends ?? [];
  if (backend === undefined) return [];
  return [...(await measureOpenings(backend)), ...(await measureCycles(backend))];
}

async function measureOpenings(backend: ComputeBackend): Promise<readonly BenchResult[]> {
  const times = { node: [] as number[], process: [] as number[], thread: [] as number[] };
  for (let round = 0; round < OPENINGS; round++) {
    times.node.push(await timed(async () => once(spawn(process.execPath, ["-e", ""]), "exit")));
    for (const isolation of ["process", "thread"] as const) {
      const startMs = performance.now();
      const host = await openHost(backend, { isolation });
      times[isolation].push(performance.now() - startMs);
      await host.close();
    }
  }
  const baseline = median(times.node);
  return [
    result("ONNX host in a process ready (baseline: node -e '')", median(times.process), "ms", { baseline }),
    result("ONNX host in a thread ready (baseline: node -e '')", median(times.thread), "ms", { baseline }),
  ];
}

async function measureCycles(backend: ComputeBackend): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-hosts-"));
  const path = join(folder, "model.onnx");
  await writeFile(path, weightsModel());
  const open = () => openHost(backend, { memoryCeilingBytes: CEILING_BYTES });
  let host = await open();
  let hosts = 1;
  let isRetired = false;
  let hostMib = 0;
  let startMib = 0;
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    if (isRetired) {
      await host.close();
      host = await open();
      hosts += 1;
      isRetired = false;
    }
    void host.retirement.then(() => (isRetired = true));
    try {
      const model = await host.load(source("onnx", { "model.onnx": path }), { device: "cpu", signal: live });
      await model.run({ x: { dtype: "float32", shape: [1], data: Float32Array.of(1) } }, { signal: live });
      await model.unload();
    } catch {
      isRetired = true; // over its ceiling already while it loaded
    }
    hostMib = Math.max(hostMib, host.memoryBytes / 2 ** 20);
    if (cycle === 100) startMib = residentMib(process.pid);
  }
  const grownMib = residentMib(process.pid) - startMib;
  await host.close();
  await rm(folder, { recursive: true });
  return [
    result(`gateway's memory, growth over cycles 100-${CYCLES} of load, run, unload`, grownMib, "MiB", {
      goal: "<= 32",
    }),
    result("hosts used for them", hosts, "hosts"),
    result("most memory a host held (ceiling 300)", hostMib, "MiB"),
  ];
}

/** y = x + w, with w inside the model: fields of onnx/onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto). */
function weightsModel(): Uint8Array {
  const varint = (value: number): number[] => (value > 127 ? [(value & 127) | 128, ...varint(value >>> 7)] : [value]);
  const number = (field: number, value: number): Buffer => Buffer.from([...varint(field << 3), ...varint(value)]);
  const bytes = (field: number, ...content: readonly Uint8Array[]): Buffer => {
    const joined = Buffer.concat(content);
    return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(joined.length)]), joined]);
  };
  const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value));
  const value = (field: number, name: string): Buffer =>
    bytes(field, text(1, name), bytes(2, bytes(1, number(1, 1), bytes(2, bytes(1, text(2, "n"))))));
  const weights = Buffer.from(new Float32Array(WEIGHTS).fill(0.5).buffer);
  const initializer = bytes(5, number(1, WEIGHTS), number(2, 1), text(8, "w"), bytes(9, weights));
  const node = bytes(1, text(1, "x"), text(1, "w"), text(2, "y"), text(4, "Add"));
  const graph = bytes(7, node, text(2, "graph"), initializer, value(11, "x"), value(12, "y"));
  return Buffer.concat([number(1, 8), graph, bytes(8, number(2, 17))]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
