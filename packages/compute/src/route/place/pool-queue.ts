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

const SMALLEST_SHARE = 0.05;
const LARGEST_SHARE = 16;
/** Reports of about this long together say what share of the work is one's own. */
const SHARE_MEMORY_MS = 3000;
const JOB_GAIN = 0.1;

/**
 * A pool's queue as a fluid: the last report, drained since at one millisecond per millisecond, plus what this router has
 * sent since. Other routers see the same report and send work to the same places, so own work counts for as much as
 * has been arriving per own work of late (`share`). Lives beside the snapshots: it changes with every dispatch.
 */
export class PoolQueue {
  #report: PoolTelemetry | undefined;
  #atMs = 0;
  #backlogMs = 0;
  /** Work left in the average job that is queued or running. */
  #jobMs = 0;
  #sent: Dispatched[] = [];
  #arrived = 0;
  #own = 0;

  get report(): PoolTelemetry | undefined {
    return this.#report;
  }

  /** Work that arrives per own work, in the pool's own measure (the way there and back is not work). */
  get share(): number {
    return this.#own > 0 ? Math.min(LARGEST_SHARE, Math.max(SMALLEST_SHARE, this.#arrived / this.#own)) : 1;
  }

  /** Takes a newer report; an older one is ignored. */
  update(report: PoolTelemetry): void {
    if (this.#report !== undefined && report.atMs <= this.#report.atMs) return;
    if (this.#report !== undefined) this.#learnShare(this.#report, report);
    const jobs = report.busySlots + report.queuedJobs;
    if (jobs > 0) {
      const jobMs = (report.backlogMs * report.slots) / jobs;
      this.#jobMs += (this.#jobMs === 0 ? 1 : JOB_GAIN) * (jobMs - this.#jobMs);
    }
    this.#report = report;
    this.#atMs = report.atMs;
    this.#backlogMs = Math.max(0, report.backlogMs);
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
    const jobs = this.#jobMs > 0 ? (backlogMs * slots) / this.#jobMs : 0;
    // With every slot busy and nothing queued, the first of the slots is free after about 1/slots of the work.
    return { expectedMs: jobs < slots ? 0 : (backlogMs * (jobs - slots + 1)) / jobs, ageMs };
  }

  #add({ atMs, serviceMs }: Dispatched): void {
    const drained = Math.max(0, this.#backlogMs - Math.max(0, atMs - this.#atMs));
    this.#backlogMs = drained + (this.share * serviceMs) / Math.max(1, this.#report?.slots ?? 1);
    this.#atMs = Math.max(this.#atMs, atMs);
  }

  /** Work that came between two reports is what the queue grew by and what the busy slots did meanwhile. */
  #learnShare(before: PoolTelemetry, after: PoolTelemetry): void {
    const elapsedMs = after.atMs - before.atMs;
    const busy = (busyShare(before) + busyShare(after)) / 2;
    const arrived = Math.max(0, after.backlogMs - before.backlogMs + busy * elapsedMs);
    const slots = Math.max(1, after.slots);
    let own = 0;
    for (const { atMs, serviceMs } of this.#sent) if (atMs <= after.atMs) own += serviceMs / slots;
    const kept = Math.exp(-elapsedMs / SHARE_MEMORY_MS);
    this.#arrived = kept * this.#arrived + arrived;
    this.#own = kept * this.#own + own;
  }
}

function busyShare({ busySlots, slots }: PoolTelemetry): number {
  return slots > 0 ? busySlots / slots : 0;
}
