import type { JsonObject } from "../util/json.ts";
import type { GatedFetch } from "./run-context.ts";

/** Element types of tensors: ONNX names. float16 and bfloat16 travel as their bits in a Uint16Array. */
export type TensorDtype =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool"
  | "string";

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | readonly string[];

/** A dense tensor, row-major. `bool` uses Uint8Array (0/1). */
export interface Tensor {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export type TensorMap = Readonly<Record<string, Tensor>>;

/** Shape and type of one model input or output; a string or -1 dimension is dynamic. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly (number | string)[];
}

export interface ModelSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** What a backend needs to load a model. */
export interface ModelSource {
  readonly id: string;
  readonly format: string;
  /** Bytes by file name; empty for a model that lives on a remote server. */
  readonly files: Readonly<Record<string, Blob>>;
  readonly settings?: JsonObject | undefined;
}

export type DeviceKind = "cpu" | "cuda" | "tensorrt" | "coreml" | "directml" | "webgpu" | "openvino" | "remote";

/** One device of a backend: really there, or refused with the reason. */
export interface BackendDevice {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly available: boolean;
  readonly reason?: string | undefined;
  readonly memoryBytes?: number | undefined;
}

export interface BackendProbe {
  readonly backend: string;
  readonly version: string;
  readonly devices: readonly BackendDevice[];
}

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** The only way to a network, for backends that need one. */
  readonly fetch?: GatedFetch | undefined;
  /** The operator's secrets by name, for backends that need a key; undefined for one that is not set. */
  readonly secret?: ((name: string) => string | undefined) | undefined;
}

export interface LoadOptions extends ProbeOptions {
  /** Device id from `probe`; a device that is not there is an error, never a silent fallback. */
  readonly device?: string | undefined;
}

/**
 * How a model host in another thread or process makes a backend again: the module's exported function gets `options`
 * and returns the backend.
 */
export interface BackendFactory {
  /** Absolute URL of the module. */
  readonly module: string;
  /** Name of the exported function `(options) => ComputeBackend`. */
  readonly export: string;
  readonly options: JsonObject;
}

export interface LoadedModel {
  readonly signature: ModelSignature;
  /** Device it really runs on. */
  readonly device: string;
  /** Throws SG_COMPUTE_* on a wrong name, shape or dtype, before the engine sees it. */
  run(inputs: TensorMap, options: { readonly signal: AbortSignal }): Promise<TensorMap>;
  /** Frees the model after runs in flight have ended. Safe to call twice. */
  unload(): Promise<void>;
}

/** One file of a model as its program sees it: a session that can be run. */
export interface ModelPart {
  readonly signature: ModelSignature;
  /** `outputs`: the ones that are wanted; absent: all. Throws as `LoadedModel.run` does. */
  run(
    inputs: TensorMap,
    options: { readonly signal: AbortSignal; readonly outputs?: readonly string[] | undefined },
  ): Promise<TensorMap>;
}

/** What a program is given. All but `signal` are the same objects in every run of a loaded model: keys for a WeakMap. */
export interface ModelProgramContext {
  /** By the names that the settings of the model give them. */
  readonly parts: Readonly<Record<string, ModelPart>>;
  /** Files of the model that are no part and hold no weights of one: vocabulary, filters. */
  readonly files: Readonly<Record<string, Blob>>;
  /** `program.options` of the model's settings. */
  readonly options: JsonObject;
  readonly signal: AbortSignal;
}

/**
 * A model that is a loop over several sessions: encoder and decoder, a state that is fed back. It runs where the
 * sessions are, so that nothing but its inputs and outputs goes through a host's wire. Its module exports it by name, and
 * the settings of the model name both: `{ program: defineModelProgram(...), parts: { encoder: "encoder.onnx" } }`.
 * Text and options travel as string tensors.
 */
export interface ModelProgram {
  readonly signature: ModelSignature;
  /**
   * Called once at a time for a loaded model, with inputs that fit the signature. Throws SG_COMPUTE_INPUT for inputs that
   * make no sense; passes `signal` to each run of a part, so that it ends within one.
   */
  run(inputs: TensorMap, context: ModelProgramContext): Promise<TensorMap>;
}

/** Something that can load a model and run it. Knows nothing of modalities. */
export interface ComputeBackend {
  readonly kind: "backend";
  readonly id: string;
  readonly version: string;
  readonly summary: string;
  /** Model formats it can load. */
  readonly formats: readonly string[];
  /**
   * Set by a backend whose runs compute on the thread that calls them: they belong in a model host, never on a gateway's
   * own thread. Absent: a run only waits (a remote server), and stays where it is called.
   */
  readonly factory?: BackendFactory | undefined;
  probe(options: ProbeOptions): Promise<BackendProbe>;
  load(source: ModelSource, options: LoadOptions): Promise<LoadedModel>;
  /**
   * Counts the floating-point operations of one run with these inputs: two for a multiply-add. Loads the model apart from
   * every other and runs it once, wherever that is possible, so whoever asks does so in a host of its own, when nobody
   * waits. Absent: the backend cannot tell.
   */
  countFlops?(source: ModelSource, inputs: TensorMap, options: { readonly signal: AbortSignal }): Promise<number>;
  close?(): Promise<void>;
}

/** What a transform sees of the compute plane. */
export interface Compute {
  /** Runs a model by id wherever the plane decides; what it did goes into the step's receipt. */
  run(model: string, inputs: TensorMap, options?: { readonly signal?: AbortSignal | undefined }): Promise<TensorMap>;
  /** Files of a model that transforms read themselves, by name: vocabulary, labels. Fetched and checked on first use. */
  assets(model: string): Promise<Readonly<Record<string, Blob>>>;
}
