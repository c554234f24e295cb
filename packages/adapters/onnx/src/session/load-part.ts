import { type LoadedModel, type ModelPart, type ModelSource, throwIfCancelled } from "@stargate/kernel/backend";
import { createLoadedModel } from "../loaded-onnx-model.ts";
import { readModelFiles } from "../model/model-files.ts";
import { signatureOf } from "../model/signature.ts";
import { loadEngine } from "../native/onnxruntime.ts";
import type { OnnxModelSettings, OnnxOptions } from "../onnx-options.ts";
import type { DeviceTarget } from "../probe/providers.ts";
import { sessionOptions } from "./session-options.ts";

/** What sessions of one load have in common. */
export interface PartLoad {
  readonly source: ModelSource;
  readonly target: DeviceTarget;
  readonly options: OnnxOptions;
  readonly signal: AbortSignal;
}

/** Makes a session of the file that the settings name. */
export type LoadPart = (settings: OnnxModelSettings) => Promise<LoadedModel & ModelPart>;

/** Loads files of a source on a device. Throws SG_COMPUTE_MODEL and what making a session throws. */
export function createPartLoader({ source, target, options, signal }: PartLoad): LoadPart {
  return async (settings) => {
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
      return createLoadedModel({ id: source.id, device: target.id, signature, session });
    } catch (error) {
      await session.release();
      throw error;
    }
  };
}
