import type { PoolTelemetry } from "../../pools/pool.ts";

/** Work this router has sent to a pool. */
interface Dispatched {
  readonly atMs: number;
  readonly serviceMs: number;
}

/** What a pool's queue is expected to be now. */
export interface QueueView {
  readonly expectedMs: number;
  readonly ageMs: number;
}

const LARGEST_SHARE = 16;
const SHARE_GAIN = 0.1;

/**
 * A pool's queue as a fluid: the last report, drained since at one millisecond per millisecond, plus what this router has
 * sent since. Other routers see the same report and send work to the same places, so that own work counts for as many
 * as reports have shown (`share`). Lives beside the snapshots: it changes with every dispatch.
 */
export class PoolQueue {
  #report: PoolTelemetry | undefined;
  #atMs = 0;
  #backlogMs = 0;
  #jobs = 0;
  #sent: Dispatched[] = [];
  #explained = 0;
  #own = 0;
  #share = 1;

  get report(): PoolTelemetry | undefined {
    return this.#report;
  }

  /** How much work arrives per own work. */
  get share(): number {
    return this.#share;
  }

  /** Takes a newer report; an older one is ignored. */
  update(report: PoolTelemetry): void {
    if (this.#report !== undefined && report.atMs <= this.#report.atMs) return;
    if (this.#report !== undefined) this.#learnShare(this.#report, report);
    this.#report = report;
    this.#atMs = report.atMs;
    this.#backlogMs = Math.max(0, report.backlogMs);
    this.#jobs = report.busySlots + report.queuedJobs;
    this.#sent = this.#sent.filter(({ atMs }) => atMs > report.atMs);
    for (const job of this.#sent) this.#add(job);
  }

  /** Counts work that is on its way. */
  dispatch(serviceMs: number, nowMs: number): void {
    const job = { atMs: nowMs, serviceMs };
    this.#sent.push(job);
    this.#add(job);
  }

  /** Expected wait of a job that comes now; undefined without a report. */
  view(nowMs: number): QueueView | undefined {
    if (this.#report === undefined) return undefined;
    const ageMs = Math.max(0, nowMs - this.#report.atMs);
    const backlogMs = Math.max(0, this.#backlogMs - Math.max(0, nowMs - this.#atMs));
    const slots = Math.max(1, this.#report.slots);
    const jobs = this.#backlogMs > 0 ? (this.#jobs * backlogMs) / this.#backlogMs : this.#jobs;
    if (backlogMs <= 0 || jobs < slots) return { expectedMs: 0, ageMs };
    // With every slot busy and nothing queued, the first of the slots is free after about 1/slots of the work.
    return { expectedMs: (backlogMs * (jobs - slots + 1)) / jobs, ageMs };
  }

  #add({ atMs, serviceMs }: Dispatched): void {
    const drained = Math.max(0, this.#backlogMs - Math.max(0, atMs - this.#atMs));
    if (this.#backlogMs > 0) this.#jobs *= drained / this.#backlogMs;
    const slots = Math.max(1, this.#report?.slots ?? 1);
    this.#backlogMs = drained + (this.#share * serviceMs) / slots;
    this.#jobs += this.#share;
    this.#atMs = Math.max(this.#atMs, atMs);
  }

  #learnShare(before: PoolTelemetry, after: PoolTelemetry): void {
    const slots = Math.max(1, after.slots);
    let own = 0;
    for (const { atMs, serviceMs } of this.#sent) {
      if (atMs <= after.atMs) own += serviceMs / slots;
    }
    if (own === 0) return;
    const left = Math.max(0, before.backlogMs - (after.atMs - before.atMs));
    this.#explained += SHARE_GAIN * ((after.backlogMs - left) * own - this.#explained);
    this.#own += SHARE_GAIN * (own * own - this.#own);
    this.#share = Math.min(LARGEST_SHARE, Math.max(1, this.#explained / this.#own));
  }
}
