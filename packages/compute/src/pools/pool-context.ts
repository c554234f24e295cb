import type { ModelSignature } from "@stargate/kernel";
import { isBatchable } from "../batch/batch-rule.ts";
import type { BucketKnowledge, Learned } from "./learn/learned.ts";
import type { LoadCrashes } from "./learn/load-crashes.ts";
import { variantKey } from "./model-key.ts";
import type { ModelRef } from "./pool.ts";
import type { PoolEvent, PoolRefusalEvent } from "./pool-events.ts";
import type { PoolSettings } from "./pool-options.ts";
import type { Quarantine } from "./quarantine.ts";
import type { Arrivals } from "./queue/arrivals.ts";
import type { JobQueue } from "./queue/job-queue.ts";
import type { PendingJob } from "./queue/pending-job.ts";
import type { Slot } from "./slots/slot.ts";

/** An event without the pool's id. */
export type PoolNote = PoolEvent extends infer Event ? (Event extends PoolEvent ? Omit<Event, "pool"> : never) : never;

/** A run under way, as far as the telemetry needs it. */
export interface RunUnderWay {
  readonly model: string;
  readonly items: number;
  readonly startedMs: number;
  readonly expectedMs: number;
}

/** What the parts of one pool share. */
export interface PoolContext {
  readonly settings: PoolSettings;
  readonly queue: JobQueue;
  readonly slots: readonly Slot[];
  readonly arrivals: Arrivals;
  readonly learned: Learned;
  readonly quarantine: Quarantine;
  /** Hosts that ended while they loaded a model. */
  readonly loadCrashes: LoadCrashes;
  /** Of models that were loaded here, by `variantKey`. */
  readonly signatures: Map<string, ModelSignature>;
  /** Models whose outputs turned out not to be divisible, by `variantKey`. */
  readonly undividable: Set<string>;
  readonly underWay: Set<RunUnderWay>;
  /** Calls that are out of the queue and wait for their model to be loaded. */
  readonly loadingFor: Set<PendingJob>;
  /** Hosts that ended, or did not come up, since one of this pool gave an answer for the last time. */
  hostsInVain: number;
  /** Ended by force: nothing is tried again. */
  isEnding: boolean;
  note(event: PoolNote): void;
  /** Looks whether something can run now. */
  pump(): void;
  /** Looks again after a while. */
  pumpIn(ms: number): void;
  /** Puts calls back that have not been answered. */
  requeue(jobs: readonly PendingJob[]): void;
}

export function knowledgeOf({ learned }: PoolContext, job: PendingJob): BucketKnowledge {
  return learned.bucket(job.model, job.bucket);
}

/** Whether calls of a model can share a run, as far as is known. */
export function mayShare({ undividable, signatures }: PoolContext, model: ModelRef): boolean {
  const key = variantKey(model);
  return !undividable.has(key) && isBatchable(model.spec, signatures.get(key) ?? model.spec.signature);
}

export function noteRefusal(
  context: PoolContext,
  { job }: PendingJob,
  code: PoolRefusalEvent["code"],
  wasQueued: boolean,
): void {
  context.note({ kind: "refusal", code, wasQueued, criticality: job.criticality, model: job.located.spec.id });
}
