import type { ReleaseReason } from "../batch/compose-batch.ts";

/** One run on a host, of one or more calls. */
export interface PoolRunEvent {
  readonly kind: "run";
  readonly model: string;
  readonly variant: string;
  readonly bucket: string;
  readonly jobs: number;
  readonly items: number;
  /** Most items the run could have had: items over this is the batch fill. */
  readonly mostItems: number;
  readonly release: ReleaseReason;
  readonly outcome: "ok" | "failed" | "memory" | "lost";
  /** Time the slot was busy with it. */
  readonly busyMs: number;
  /** Time inside the backend; 0 when it failed. */
  readonly runMs: number;
}

/** Something happened to a host. */
export interface PoolHostEvent {
  readonly kind: "host";
  /**
   * "started"; "failed" to start; "lost": it ended by itself; "ejected": it did not answer and was killed;
   * "replaced": another has taken its place in good order; "idle": ended because nothing needed it.
   */
  readonly what: "started" | "failed" | "lost" | "ejected" | "replaced" | "idle";
  readonly slot: number;
  readonly host?: string | undefined;
  readonly processId?: number | undefined;
  readonly reason?: string | undefined;
  /** Time a start took. */
  readonly ms?: number | undefined;
}

export interface PoolModelEvent {
  readonly kind: "model";
  readonly what: "loaded" | "unloaded";
  readonly model: string;
  readonly variant: string;
  readonly slot: number;
  /** Of an unloaded one: its time was over, or its memory was needed. Models of a host that ends go without a word. */
  readonly reason?: "keep-alive" | "eviction" | undefined;
  /** Time loading took. */
  readonly ms?: number | undefined;
}

/** A call that got no answer because of the pool, not because of the model. */
export interface PoolRefusalEvent {
  readonly kind: "refusal";
  readonly code: "SG_COMPUTE_OVERLOADED" | "SG_RUN_DEADLINE" | "SG_COMPUTE_HOST_LOST";
  /** It was queued already: displaced by a more critical one, or too late. */
  readonly wasQueued: boolean;
  readonly criticality: "critical" | "normal" | "sheddable";
  readonly model: string;
}

/** An input was quarantined: the record a dead-letter list keeps. */
export interface PoolPoisonEvent {
  readonly kind: "poison";
  readonly model: string;
  readonly variant: string;
  /** "sha256:<hex>" over model and inputs. */
  readonly digest: string;
  readonly deliveries: number;
}

export type PoolEvent = { readonly pool: string } & (
  | PoolRunEvent
  | PoolHostEvent
  | PoolModelEvent
  | PoolRefusalEvent
  | PoolPoisonEvent
);

/** Hears of everything a pool does, for metrics and logs. Must not throw and must not wait. */
export type PoolObserver = (event: PoolEvent) => void;
