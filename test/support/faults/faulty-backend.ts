import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ComputeBackend, defineBackend, fail, type LoadedModel, type TensorMap } from "@stargate/kernel/backend";
import { createOnnxBackend } from "../../../packages/adapters/onnx/src/onnx-backend.ts";
import { type Faults, greedyId, poisonId } from "./fault-control.ts";

export interface FaultyBackendOptions {
  /** Id of the backend: the pool it is for. */
  readonly pool: string;
  /** The folder of `FaultControl`. */
  readonly folder: string;
}

/** What `leakBytes` holds. */
const leaked: Uint8Array[] = [];

const onnxOptions = {
  device: "cpu",
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimization: "all",
  cpuNodes: "refuse",
} as const;

/** ONNX Runtime in a model host, with what may go wrong there: told through files, so that it works in any process. */
export function createFaultyBackend({ pool, folder }: FaultyBackendOptions): ComputeBackend {
  const onnx = createOnnxBackend(onnxOptions);
  const place = (file: string): string => join(folder, pool, file);
  const faultsNow = (): Faults => {
    try {
      return JSON.parse(readFileSync(place("faults.json"), "utf8")) as Faults; // written by FaultControl
    } catch {
      return {}; // none have been set
    }
  };

  async function run(model: LoadedModel, deviceMs: number, ...[inputs, options]: Parameters<LoadedModel["run"]>) {
    const ids = idsOf(inputs);
    const atMs = performance.timeOrigin + performance.now();
    appendFileSync(place(`${process.pid}.runs`), `${Math.round(atMs)} ${ids.join(" ")}\n`);
    const { slowness = 1, maxItems = Infinity, outputs: defect, fails, dead, leakBytes = 0 } = faultsNow();
    if (leakBytes > 0) leaked.push(new Uint8Array(leakBytes).fill(1));
    if (dead === true || ids.includes(poisonId)) process.kill(process.pid, "SIGKILL");
    if (fails === true) throw fail("SG_COMPUTE_UNAVAILABLE", "The device does not answer");
    if (ids.length > maxItems || ids.includes(greedyId))
      throw fail("SG_COMPUTE_MEMORY", `CUDA failure 2: out of memory (${ids.length} items)`);
    const startMs = performance.now();
    const outputs = await model.run(inputs, options);
    const tookMs = performance.now() - startMs;
    const wantedMs = Math.max(tookMs, deviceMs) * slowness;
    if (wantedMs > tookMs) await pause(wantedMs - tookMs);
    return defect === undefined ? outputs : corrupt(outputs, defect);
  }

  return defineBackend({
    id: pool,
    version: onnx.version,
    summary: `ONNX Runtime whose hosts fail when they are told to (${pool})`,
    formats: onnx.formats,
    factory: { module: import.meta.url, export: "createFaultyBackend", options: { pool, folder } },
    // Looking for accelerators takes longer than most tests.
    probe: async () => ({
      backend: pool,
      version: onnx.version,
      devices: [{ id: "cpu", kind: "cpu", available: true }],
    }),
    async load({ settings: { deviceMs = 0, ...settings } = {}, ...source }, options) {
      if (faultsNow().dead === true) process.kill(process.pid, "SIGKILL");
      const model = await onnx.load({ ...source, settings }, options);
      writeFileSync(place(`${process.pid}.host`), "");
      return { ...model, run: (inputs, runOptions) => run(model, Number(deviceMs), inputs, runOptions) };
    },
    close: async () => onnx.close?.(),
  });
}

/** The first number of every item. */
function idsOf({ x }: TensorMap): readonly number[] {
  const items = x?.shape[0] ?? 0;
  const width = (x?.data.length ?? 0) / Math.max(1, items);
  return Array.from({ length: items }, (_, item) => Number(x?.data[item * width]));
}

function corrupt(outputs: TensorMap, defect: NonNullable<Faults["outputs"]>): TensorMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => {
      const data = Float32Array.from(tensor.data as Float32Array, (value) => (defect === "nan" ? NaN : value + 1));
      return [name, { ...tensor, data }];
    }),
  );
}
