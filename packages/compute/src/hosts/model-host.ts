import type { BackendProbe, DeviceKind, JsonObject, ModelSignature, StargateError, TensorMap } from "@stargate/kernel";

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

/**
 * Why a host is to be replaced while it still works. `memory`: it holds more than its ceiling (engines leak, upstream
 * issue onnxruntime 25325).
 */
export interface HostRetirement {
  readonly reason: "memory";
  readonly memoryBytes: number;
  readonly ceilingBytes: number;
}

/** A model loaded in a host. */
export interface HostedModel {
  readonly signature: ModelSignature;
  /** Device it really runs on. */
  readonly device: string;
  readonly deviceKind: DeviceKind;
  /**
   * Runs the model once. The buffers of `inputs` belong to the host from then on: they must not be changed, and where
   * the host does not keep inputs (`keepsInputs`) they are detached. Aborting rejects at once; what the engine has begun
   * it ends, out of sight. Throws what the backend throws, SG_COMPUTE_HOST_LOST, and SG_COMPUTE_MEMORY when the host
   * had to be killed because of the memory it took during the run.
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
  /**
   * Inputs of a run can still be read after it has failed (a process has copied them), so that the run can be tried
   * elsewhere. false: `run` detaches the buffers it is given (a thread takes them over); keep a copy to try again.
   */
  readonly keepsInputs: boolean;
  /**
   * Resolves with SG_COMPUTE_HOST_LOST once the host has ended or must not be used any more; never rejects. Runs in
   * flight have been rejected by then. `details.reason`: "closed", "exited", "killed" (by a signal), "hung" (it gave no
   * sign of life and was killed), "memory" (killed far above its ceiling), "broken" (it said something unreadable).
   */
  readonly lost: Promise<StargateError>;
  /**
   * Resolves once the host should be replaced; it works on meanwhile. Whoever owns it gives it no new work, opens
   * another, and closes it when its runs have ended. Never rejects, and stays pending when nothing is wrong.
   */
  readonly retirement: Promise<HostRetirement>;
  load(source: HostedSource, options: { readonly device: string; readonly signal: AbortSignal }): Promise<HostedModel>;
  /** Resident memory in bytes as last seen; 0 where it is not its own (this thread). */
  readonly memoryBytes: number;
  /** Lets runs in flight end, unloads, ends. `force`: ends at once (a child process is killed). Safe to call twice. */
  close(options?: { readonly force?: boolean | undefined }): Promise<void>;
}

/** What a host can be asked beside running models. One that does both answers when it has time. */
export interface BackendQuestions {
  /** What devices there are. Throws what the backend throws. */
  probe(options: { readonly signal: AbortSignal }): Promise<BackendProbe>;
  /**
   * Floating-point operations of one run with inputs like these; undefined when the backend cannot tell. Loads the model
   * once more. Throws what the backend throws.
   */
  countFlops(
    source: HostedSource,
    inputs: TensorMap,
    options: { readonly signal: AbortSignal },
  ): Promise<number | undefined>;
}

/** Opens one more host. Throws SG_COMPUTE_HOST_LOST when it does not come up. */
export type OpenModelHost = (options: { readonly signal: AbortSignal }) => Promise<ModelHost>;
