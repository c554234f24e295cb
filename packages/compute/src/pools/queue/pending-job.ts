import { cancellationOf } from "@stargate/kernel";
import type { BatchCandidate } from "../../batch/compose-batch.ts";
import { shapeOf, unjoined, type JobShape } from "../../batch/job-shape.ts";
import { modelKey } from "../model-key.ts";
import { digestInputs } from "../quarantine.ts";
import type { PoolJob, PoolResult } from "../pool.ts";

/** How many steps below the most critical ones. */
const steps: Readonly<Record<PoolJob["criticality"], number>> = { critical: 0, normal: 1, sheddable: 2 };

/** A call between its arrival and its answer. */
export class PendingJob implements BatchCandidate {
  readonly job: PoolJob;
  /** `modelKey` of its variant. */
  readonly model: string;
  readonly arrivedMs: number;
  /** Place in the queue, smaller is earlier: a time that newly arriving calls are always behind, sooner or later. */
  readonly rank: number;
  readonly answer: Promise<PoolResult>;
  /** When it was last put into the queue. */
  queuedMs: number;
  /** Runs of it whose host ended. */
  crashes = 0;
  /** Digest of its inputs, once they have been suspected of ending hosts. */
  digest: string | undefined;
  /** Time it adds to the queue, as predicted when it was put there. */
  costMs = 0;
  /** It waits in the queue. */
  isQueued = false;
  /** Called once when the caller gives up before the answer is there. */
  onAbort: (() => void) | undefined;
  /** Called once, however it ends. */
  onSettled: (() => void) | undefined;
  #shape: JobShape;
  #identity: string | undefined;
  #isSettled = false;
  readonly #resolve: (result: PoolResult) => void;
  readonly #reject: (error: unknown) => void;

  constructor(job: PoolJob, arrivedMs: number, agingMs: number) {
    this.job = job;
    this.model = modelKey(job.located);
    this.arrivedMs = arrivedMs;
    this.queuedMs = arrivedMs;
    this.rank = Math.min(job.deadlineMs, arrivedMs + agingMs) + steps[job.criticality] * agingMs;
    this.#shape = shapeOf(job.inputs);
    const { promise, resolve, reject } = Promise.withResolvers<PoolResult>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    job.signal.addEventListener("abort", this.#abort, { once: true });
  }

  get deadlineMs(): number {
    return this.job.deadlineMs;
  }

  get items(): number {
    return this.#shape.items;
  }

  /** Whether the inputs can be sent at all. */
  get isSound(): boolean {
    return this.#shape.isSound;
  }

  get bytes(): number {
    return this.#shape.bytes;
  }

  get bucket(): string {
    return this.#shape.bucket;
  }

  /** Calls with the same key may share a run; undefined: with none. */
  get joinKey(): string | undefined {
    return this.#shape.key;
  }

  /** "sha256:<hex>" over model and inputs. Made when somebody asks, as that reads all of them. */
  get identity(): string {
    return (this.#identity ??= digestInputs(this.model, this.job.inputs));
  }

  /** It was there when a host ended, now or earlier: it runs alone. */
  get isSuspect(): boolean {
    return this.crashes > 0 || this.digest !== undefined;
  }

  /** Answered, refused, or given up on. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** The model turned out to share no runs: the call counts as one item from now on. */
  standAlone(): void {
    if (this.#shape.key !== undefined) this.#shape = unjoined(this.#shape, this.job.inputs);
  }

  resolve(result: PoolResult): void {
    if (this.#settle()) this.#resolve(result);
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.job.signal.removeEventListener("abort", this.#abort);
    this.onSettled?.();
    return true;
  }

  readonly #abort = (): void => {
    if (!this.#settle()) return;
    this.#reject(cancellationOf(this.job.signal, `The run of model "${this.job.located.spec.id}"`));
    this.onAbort?.();
  };
}

/** Whether `a` is shed before `b`. */
export function isLessCritical(a: PendingJob, b: PendingJob): boolean {
  return steps[a.job.criticality] > steps[b.job.criticality];
}
