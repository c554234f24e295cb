import {
  type ComputeBackend,
  defineBackend,
  type LoadedModel,
  type ModelSource,
  parseStrictly,
  throwIfCancelled,
} from "@stargate/kernel/backend";
import { countFlops } from "./flops/count-flops.ts";
import { createLoadedModel } from "./loaded-onnx-model.ts";
import { readModelFiles } from "./model/model-files.ts";
import { signatureOf } from "./model/signature.ts";
import { loadEngine } from "./native/onnxruntime.ts";
import { fail } from "./onnx-errors.ts";
import { modelSettingsSchema, type OnnxModelSettings, type OnnxOptions } from "./onnx-options.ts";
import { findDevice } from "./probe/find-device.ts";
import { createDeviceProbe } from "./probe/probe-devices.ts";
import { sessionOptions } from "./session/session-options.ts";

const VERSION = "0.1.0";

// One for all backends of the thread: hardware does not change, and a trial leaves some memory behind on a GPU.
const devices = createDeviceProbe(loadEngine);

/** Loads "onnx" models and runs them on the calling thread. */
export function createOnnxBackend(options: OnnxOptions): ComputeBackend {
  const open = new Set<LoadedModel>();

  return defineBackend({
    id: "onnx",
    version: VERSION,
    summary: "ONNX Runtime on this machine",
    formats: ["onnx"],
    factory: { module: import.meta.url, export: "createOnnxBackend", options },
    async probe({ signal }) {
      throwIfCancelled(signal);
      const { version } = await loadEngine();
      return { backend: "onnx", version, devices: await devices.all() };
    },
    async load(source, { device = options.device, signal }) {
      throwIfCancelled(signal);
      if (source.format !== "onnx")
        throw fail(
          "SG_COMPUTE_MODEL",
          `Model "${source.id}" is in the format "${source.format}"; this backend loads "onnx"`,
        );
      const settings = settingsOf(source);
      const target = await findDevice(devices, device);
      const files = await readModelFiles(source, settings.file);
      const engine = await loadEngine();
      // The engine cannot be stopped while it builds a session, so this is the last moment to hear of it.
      throwIfCancelled(signal);
      const session = await engine.createSession({
        id: source.id,
        device: target.id,
        files,
        options: sessionOptions(target, {
          intraOpNumThreads: settings.intraOpNumThreads ?? options.intraOpNumThreads,
          interOpNumThreads: settings.interOpNumThreads ?? options.interOpNumThreads,
          graphOptimization: settings.graphOptimization ?? options.graphOptimization,
          cpuNodes: settings.cpuNodes ?? options.cpuNodes,
        }),
      });
      try {
        throwIfCancelled(signal);
        const signature = signatureOf(source.id, session);
        const model = createLoadedModel({ id: source.id, device: target.id, signature, session });
        open.add(model);
        return { ...model, unload: () => model.unload().finally(() => open.delete(model)) };
      } catch (error) {
        await session.release();
        throw error;
      }
    },
    async countFlops(source, inputs, { signal }) {
      const files = await readModelFiles(source, settingsOf(source).file);
      const engine = await loadEngine();
      throwIfCancelled(signal);
      return countFlops(engine, { id: source.id, files, inputs });
    },
    async close() {
      await Promise.all([...open].map((model) => model.unload()));
      open.clear();
    },
  });
}

function settingsOf({ id, settings = {} }: ModelSource): OnnxModelSettings {
  return parseStrictly(`Settings of model "${id}"`, modelSettingsSchema, settings);
}
