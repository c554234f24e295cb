import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TensorMap } from "@stargate/kernel";
import type * as onnxruntime from "onnxruntime-node";
import type { ModelFiles } from "../model/model-files.ts";
import type { EngineValue } from "../model/signature.ts";
import { fail } from "../onnx-errors.ts";
import type { EngineSessionOptions } from "../session/session-options.ts";
import { fromEngineTensor, toEngineData } from "../tensors/engine-tensors.ts";
import { type EngineWork, loadFailure, runFailure } from "./engine-failures.ts";

/** A model in ONNX Runtime. */
export interface EngineSession {
  readonly inputs: readonly EngineValue[];
  readonly outputs: readonly EngineValue[];
  /**
   * Computes on the calling thread, which it blocks; gives all outputs, or those that are named. Throws SG_ONNX_RUN_FAILED
   * and SG_COMPUTE_MEMORY.
   */
  run(inputs: TensorMap, wanted?: readonly string[]): Promise<TensorMap>;
  /** Finishes the profile of a session that was made with `enableProfiling`. */
  endProfiling(): void;
  /** Frees the model. Not while a run is under way. */
  release(): Promise<void>;
}

/** ONNX Runtime in this thread. */
export interface Engine {
  /** "1.30.0" */
  readonly version: string;
  /** Names of the execution providers that were compiled in; whether they work is another matter. */
  readonly providers: readonly string[];
  /** Where the binary lies, and the libraries of further providers beside it. */
  readonly binaryFolder: string;
  /** Blocks the calling thread. Throws SG_COMPUTE_MODEL, SG_COMPUTE_DEVICE, SG_ONNX_CPU_NODES, SG_ONNX_FLOAT16 and SG_COMPUTE_MEMORY. */
  createSession(
    request: EngineWork & { readonly files: ModelFiles; readonly options: EngineSessionOptions },
  ): Promise<EngineSession>;
}

type OnnxRuntime = typeof onnxruntime;
type InferenceSession = onnxruntime.InferenceSession;

/** The engine, loaded on first use. Throws SG_ONNX_NOT_INSTALLED and SG_ONNX_PLATFORM. */
export const loadEngine = createEngineLoader(() => import("onnxruntime-node"));

/** Loads the package once; a failure is not kept, so that it can be installed while the process runs. */
export function createEngineLoader(importPackage: () => Promise<OnnxRuntime>): () => Promise<Engine> {
  let loaded: Promise<Engine> | undefined;
  return () => {
    loaded ??= importPackage().then(createEngine, (error: unknown) => {
      loaded = undefined;
      throw packageFailure(error);
    });
    return loaded;
  };
}

function createEngine(runtime: OnnxRuntime): Engine {
  const hasFloat16 = claimFloat16(runtime);
  // All failures are thrown; what the engine prints as well would only fill the operator's log.
  runtime.env.logLevel = "fatal";
  return {
    version: runtime.env.versions.node ?? "unknown",
    providers: runtime.listSupportedBackends().map(({ name }) => name),
    binaryFolder: binaryFolder(),
    async createSession({ files, options, ...work }) {
      const session = await createSession(runtime, files, options).catch((error: unknown) => {
        throw loadFailure(work, error);
      });
      const values = [...session.inputMetadata, ...session.outputMetadata];
      if (!hasFloat16 && values.some((value) => value.isTensor && value.type === "float16")) {
        await session.release();
        throw fail("SG_ONNX_FLOAT16", `Model "${work.id}" has float16 tensors, which are unusable in this process`);
      }
      return wrapSession(runtime, session, work);
    },
  };
}

function createSession(
  runtime: OnnxRuntime,
  { model, externalData }: ModelFiles,
  options: EngineSessionOptions,
): Promise<InferenceSession> {
  return runtime.InferenceSession.create(model, {
    ...options,
    logSeverityLevel: 4,
    externalData: [...externalData],
  });
}

function wrapSession(runtime: OnnxRuntime, session: InferenceSession, work: EngineWork): EngineSession {
  return {
    inputs: session.inputMetadata.map(valueOf),
    outputs: session.outputMetadata.map(valueOf),
    async run(inputs, wanted = session.outputNames) {
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, tensor]) => [name, engineTensor(runtime, name, tensor)]),
      );
      const outputs = await session.run(feeds, [...wanted], { logSeverityLevel: 4 }).catch((error: unknown) => {
        throw runFailure(work, error);
      });
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromEngineTensor(tensor)]));
    },
    endProfiling: () => session.endProfiling(),
    release: () => session.release(),
  };
}

function engineTensor(runtime: OnnxRuntime, name: string, tensor: TensorMap[string]) {
  // The constructor has one overload per type; which of them applies is known at run time only.
  const Tensor = runtime.Tensor as unknown as new (
    type: string,
    data: unknown,
    dims: readonly number[],
  ) => onnxruntime.Tensor;
  return new Tensor(tensor.dtype, toEngineData(name, tensor), tensor.shape);
}

function valueOf(value: onnxruntime.InferenceSession.ValueMetadata): EngineValue {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: undefined, shape: [] };
}

/**
 * Makes float16 tensors take and give their bits in a Uint16Array. On Node.js 24 and newer, onnxruntime-node 1.30.0 maps
 * them to Float16Array, which its binary does not read ("not enough space: expected 8, got 0"); it decides when the first
 * tensor is made, so that type is hidden for that moment (upstream: microsoft/onnxruntime pull request 32323).
 * False when something else made the first tensor.
 */
function claimFloat16(runtime: OnnxRuntime): boolean {
  const type = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  if (type !== undefined) Reflect.deleteProperty(globalThis, "Float16Array");
  try {
    return new runtime.Tensor("float16", new Uint16Array(1), [1]).data instanceof Uint16Array;
  } catch {
    return false; // it was decided earlier, for the type that is hidden now
  } finally {
    if (type !== undefined) Object.defineProperty(globalThis, "Float16Array", type);
  }
}

function binaryFolder(): string {
  const manifest = createRequire(import.meta.url).resolve("onnxruntime-node/package.json");
  return join(dirname(manifest), "bin", "napi-v6", process.platform, process.arch);
}

function packageFailure(error: unknown): Error {
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  const isBinary = code === "ERR_DLOPEN_FAILED" || message.includes("onnxruntime_binding");
  if (isBinary)
    return fail("SG_ONNX_PLATFORM", `onnxruntime-node cannot be loaded on ${process.platform}-${process.arch}`, {
      cause: error,
    });
  return fail("SG_ONNX_NOT_INSTALLED", "The package onnxruntime-node cannot be loaded", { cause: error });
}
