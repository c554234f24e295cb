import {
  type ComputeBackend,
  defineBackend,
  type LoadedModel,
  type ModelSource,
  parseStrictly,
  throwIfCancelled,
} from "@stargate/kernel/backend";
import { countFlops } from "./flops/count-flops.ts";
import { readModelFiles } from "./model/model-files.ts";
import { loadEngine } from "./native/onnxruntime.ts";
import { fail } from "./onnx-errors.ts";
import {
  modelSettingsSchema,
  type OnnxModelSettings,
  type OnnxOptions,
  programSettingsSchema,
  type ProgramSettings,
} from "./onnx-options.ts";
import { findDevice } from "./probe/find-device.ts";
import { createDeviceProbe } from "./probe/probe-devices.ts";
import { countProgramFlops } from "./program/count-program-flops.ts";
import { loadProgram } from "./program/load-program.ts";
import { createPartLoader } from "./session/load-part.ts";

const VERSION = "0.1.0";

// One for all backends of the thread: hardware does not change, and a trial leaves some memory behind on a GPU.
const devices = createDeviceProbe(loadEngine);

/** Loads models of the formats "onnx" and "onnx-program" and runs them on the calling thread. */
export function createOnnxBackend(options: OnnxOptions): ComputeBackend {
  const open = new Set<LoadedModel>();

  return defineBackend({
    id: "onnx",
    version: VERSION,
    summary: "ONNX Runtime on this machine",
    formats: ["onnx", "onnx-program"],
    factory: { module: import.meta.url, export: "createOnnxBackend", options },
    async probe({ signal }) {
      throwIfCancelled(signal);
      const { version } = await loadEngine();
      return { backend: "onnx", version, devices: await devices.all() };
    },
    async load(source, { device = options.device, signal }) {
      throwIfCancelled(signal);
      const target = await findDevice(devices, device);
      const load = createPartLoader({ source, target, options, signal });
      const model = isProgram(source)
        ? await loadProgram(source, programSettingsOf(source), load)
        : await load(settingsOf(source));
      open.add(model);
      return { ...model, unload: () => model.unload().finally(() => open.delete(model)) };
    },
    async countFlops(source, inputs, { signal }) {
      const engine = await loadEngine();
      if (isProgram(source))
        return countProgramFlops(engine, { source, settings: programSettingsOf(source), inputs, signal });
      const files = await readModelFiles(source, settingsOf(source).file);
      throwIfCancelled(signal);
      return countFlops(engine, { id: source.id, files, inputs });
    },
    async close() {
      await Promise.all([...open].map((model) => model.unload()));
      open.clear();
    },
  });
}

function isProgram({ id, format }: ModelSource): boolean {
  if (format === "onnx" || format === "onnx-program") return format === "onnx-program";
  throw fail(
    "SG_COMPUTE_MODEL",
    `Model "${id}" is in the format "${format}"; this backend loads "onnx" and "onnx-program"`,
  );
}

function settingsOf({ id, settings = {} }: ModelSource): OnnxModelSettings {
  return parseStrictly(`Settings of model "${id}"`, modelSettingsSchema, settings);
}

function programSettingsOf({ id, settings = {} }: ModelSource): ProgramSettings {
  return parseStrictly(`Settings of model "${id}"`, programSettingsSchema, settings);
}
