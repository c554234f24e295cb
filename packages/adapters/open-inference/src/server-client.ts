import type { TensorMap } from "@stargate/kernel";

/** A model on a server. */
export interface ModelAddress {
  readonly name: string;
  readonly version: string | undefined;
}

/** A tensor as the server describes it; -1 is a dynamic dimension. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

export interface InferRequest {
  readonly inputs: TensorMap;
  /** Names of the outputs wanted. */
  readonly outputs: readonly string[];
}

/**
 * The protocol as the backend uses it, over HTTP or gRPC. Every call throws what its signal says when that aborts;
 * SG_COMPUTE_HOST_LOST when the server cannot be reached, breaks off, fails or is not done in time;
 * SG_COMPUTE_OVERLOADED, SG_OPEN_INFERENCE_KEY, SG_OPEN_INFERENCE_REFUSED and SG_OPEN_INFERENCE_ANSWER by what it
 * answers.
 */
export interface ServerClient {
  /** Throws when the server is not ready. */
  ready(signal: AbortSignal): Promise<void>;
  model(model: ModelAddress, signal: AbortSignal): Promise<ModelMetadata>;
  /** Largest batch of the model's own configuration (Triton); 0: it does not batch; undefined: the server does not say. */
  maxBatchSize(model: ModelAddress, signal: AbortSignal): Promise<number | undefined>;
  infer(model: ModelAddress, request: InferRequest, signal: AbortSignal): Promise<TensorMap>;
}

/** Longest part of a server's message that goes into ours. */
const maxMessageCharacters = 300;

/** A server's message on one line and of bounded length. */
export function quoteMessage(text: string): string {
  const line = text.replaceAll(/[\s\p{Control}]+/gu, " ").trim();
  if (line === "") return "no message";
  return line.length > maxMessageCharacters ? `${line.slice(0, maxMessageCharacters)}...` : line;
}
