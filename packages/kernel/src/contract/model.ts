import type { JsonObject } from "../util/json.ts";
import type { DeviceKind, ModelSignature, TensorMap } from "./compute-backend.ts";

/** One file of a model and where to get it. The bytes are checked against the digest before anything reads them. */
export interface ModelFile {
  readonly name: string;
  /** Tried in order: https, http or file URLs. Empty: an operator puts the file into a models folder. */
  readonly urls: readonly string[];
  /** Lower-case hex. null: no digest is known, and using the file needs the operator's explicit accept. */
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
}

/** The same model at another precision or size: "fp32", "int8". Takes the same inputs and gives the same outputs. */
export interface ModelVariant {
  readonly name: string;
  /** 0-1, relative to the best variant. A prior: feedback and shadow comparisons correct it. */
  readonly quality: number;
  readonly files: readonly ModelFile[];
  /** Device kinds it is made for. Absent: every kind. */
  readonly devices?: readonly DeviceKind[] | undefined;
  /** Free settings passed to the backend, over those of the model. */
  readonly settings?: JsonObject | undefined;
}

/** Inputs with known outputs: a host that answers them differently computes wrongly and is not used. */
export interface ModelCanary {
  readonly inputs: TensorMap;
  readonly outputs: TensorMap;
  /** Largest accepted difference per value, absolute. */
  readonly tolerance: number;
}

/** A model as adapters and operators declare it. Where its bytes lie is the model store's matter. */
export interface ModelSpec {
  /** "clip-vit-base-patch32". */
  readonly id: string;
  readonly version: string;
  readonly summary: string;
  /** SPDX expression. */
  readonly licence: string;
  /** "onnx", "open-inference", "openai": which backends can load it. */
  readonly format: string;
  /** Files that transforms read through `ctx.compute.assets`: vocabulary, labels. */
  readonly assets?: readonly ModelFile[] | undefined;
  /** Best first. */
  readonly variants: readonly ModelVariant[];
  readonly signature?: ModelSignature | undefined;
  /** Free settings passed to the backend. `server`: the only one of its remote devices that has the model. */
  readonly settings?: JsonObject | undefined;
  /**
   * "first-axis": items along the first axis of every input and output are independent, so that calls can share a run.
   * Absent: so when the first axis of all of them is dynamic and named like a batch.
   */
  readonly batching?: "first-axis" | "none" | undefined;
  readonly canary?: ModelCanary | undefined;
}
