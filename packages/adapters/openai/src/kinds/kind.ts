import type { JsonObject, ModelSignature, TensorMap } from "@stargate/kernel";
import type { Server } from "../protocol/server.ts";

/** Which model of which server a call goes to. */
export interface RemoteModel {
  /** Model id, for messages. */
  readonly id: string;
  readonly server: Server;
  /** What the server calls it. */
  readonly name: string;
  readonly dimensions: number | undefined;
  /** Fields of every request. */
  readonly parameters: JsonObject;
}

/** One of the calls of the protocol, seen as a model: tensors in, tensors out. */
export interface Kind {
  signature(model: { readonly dimensions?: number | undefined }): ModelSignature;
  /** Inputs a call may leave out, and what stands in for them. */
  readonly defaults: TensorMap;
  /** Prepares a loaded model. `inputs` of the function it gives have been checked against the signature. */
  open(model: RemoteModel): (inputs: TensorMap, signal: AbortSignal) => Promise<TensorMap>;
}
