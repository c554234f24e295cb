import type { DeviceKind, ModelSignature, TensorMap } from "@stargate/kernel";
import type { RunEnergy } from "../energy/pool-energy.ts";
import type { LocatedVariant } from "../store/model-store.ts";

/** Work for one model variant on one pool. */
export interface PoolJob {
  readonly located: LocatedVariant;
  /** Stay the caller's: they may be sent elsewhere too, so a pool whose hosts take buffers over copies them first. */
  readonly inputs: TensorMap;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds; a job still queued then is refused with SG_RUN_DEADLINE. */
  readonly deadlineMs: number;
  readonly criticality: "critical" | "normal" | "sheddable";
}

export interface PoolResult {
  readonly outputs: TensorMap;
  readonly device: string;
  readonly deviceKind: DeviceKind;
  /** Items in the run it shared, its own included, and how many of them were its own. */
  readonly batchItems: number;
  readonly ownItems: number;
  readonly queueMs: number;
  /** Time of the whole shared run inside the backend. */
  readonly runMs: number;
  /** The model had to be loaded first. */
  readonly coldMs: number;
  /** Energy of the whole shared run, where it is known. */
  readonly energy?: RunEnergy | undefined;
}

/** What the router sees of a pool. */
export interface PoolTelemetry {
  readonly atMs: number;
  /** Slots that can take work: hosts that are up or may be started. 0: nothing can run here now. */
  readonly slots: number;
  readonly busySlots: number;
  readonly queuedJobs: number;
  /** Predicted time to clear what is queued and running, divided over the slots. */
  readonly backlogMs: number;
  /** Monotonic milliseconds until which the pool takes no work (every host is being restarted); undefined: open. */
  readonly closedUntilMs?: number | undefined;
}

/** A variant of a model, wherever its files are. */
export type ModelRef = Pick<LocatedVariant, "spec" | "variant">;

/** Hosts on one device of one backend, with a queue in front. */
export interface Pool {
  readonly id: string;
  readonly backend: string;
  readonly device: string;
  /** Formats its backend loads. */
  readonly formats: readonly string[];
  /** Throws SG_COMPUTE_HOST_LOST, SG_COMPUTE_MEMORY, SG_COMPUTE_OVERLOADED, SG_RUN_DEADLINE and what the backend throws. */
  submit(job: PoolJob): Promise<PoolResult>;
  telemetry(): PoolTelemetry;
  /** Of a model that has been loaded here before; undefined otherwise. */
  signature(model: ModelRef): ModelSignature | undefined;
  /** Whether a call would find the model loaded. */
  isLoaded(model: ModelRef): boolean;
  /** Loads the model now, as a call would: preloading, warming up, asking for its signature. */
  load(located: LocatedVariant, options: { readonly signal: AbortSignal }): Promise<ModelSignature>;
  /** Ends after what is in flight. */
  close(options?: { readonly force?: boolean | undefined }): Promise<void>;
}
