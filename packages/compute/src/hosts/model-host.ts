import type { DeviceKind, JsonObject, ModelSignature, StargateError, TensorMap } from "@stargate/kernel";

/** A model as a host loads it: plain data, so that it crosses to a thread or a process. Its files have been verified. */
export interface HostedSource {
  readonly model: string;
  readonly variant: string;
  readonly format: string;
  /** Absolute path by file name; empty for a model on somebody else's server. */
  readonly paths: Readonly<Record<string, string>>;
  readonly settings: JsonObject;
}

export interface HostedRun {
  readonly outputs: TensorMap;
  /** Time inside the backend, without the way there and back. */
  readonly runMs: number;
}

/** A model loaded in a host. */
export interface HostedModel {
  readonly signature: ModelSignature;
  /** Device it really runs on. */
  readonly device: string;
  readonly deviceKind: DeviceKind;
  /**
   * Runs the model once. The buffers of `inputs` belong to the host from then on. Aborting rejects at once; what the
   * engine has begun it ends, out of sight. Throws what the backend throws, and SG_COMPUTE_HOST_LOST.
   */
  run(inputs: TensorMap, options: { readonly signal: AbortSignal }): Promise<HostedRun>;
  /** Frees the model after runs in flight have ended. Safe to call twice, and when the host is lost. */
  unload(): Promise<void>;
}

/** Where models of one backend are loaded and run: this thread, a worker thread, or a child process. */
export interface ModelHost {
  readonly id: string;
  /** Of a child process: for logs and for tests that kill it. */
  readonly processId: number | undefined;
  /** Resolves with the reason once the host has ended or must not be used any more; never rejects. */
  readonly lost: Promise<StargateError>;
  load(source: HostedSource, options: { readonly device: string; readonly signal: AbortSignal }): Promise<HostedModel>;
  /** Resident memory in bytes as last seen; 0 where it is not its own (this thread). */
  readonly memoryBytes: number;
  /** Lets runs in flight end, unloads, ends. `force`: ends at once (a child process is killed). Safe to call twice. */
  close(options?: { readonly force?: boolean | undefined }): Promise<void>;
}

/** Opens one more host. Throws SG_COMPUTE_HOST_LOST when it does not come up. */
export type OpenModelHost = (options: { readonly signal: AbortSignal }) => Promise<ModelHost>;
