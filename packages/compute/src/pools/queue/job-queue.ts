import type { PoolJob } from "../pool.ts";
import { isLessCritical, type PendingJob } from "./pending-job.ts";

/** Calls that wait for the same model; those of a joinable group can share runs, others run one by one. */
export interface JobGroup {
  readonly key: string;
  readonly model: string;
  readonly kind: "joinable" | "alone" | "suspect";
  /** Most urgent first; never empty while the queue holds the group. */
  readonly jobs: PendingJob[];
}

/** Calls that wait for a slot: by criticality, then deadline, with aging (`PendingJob.rank`). */
export class JobQueue {
  readonly #groups = new Map<string, JobGroup>();
  readonly #costMs: Record<PoolJob["criticality"], number> = { critical: 0, normal: 0, sheddable: 0 };
  #count = 0;
  #bytes = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Predicted time of all that wait, or of what is at least as critical as `criticality`. */
  costMs(criticality: PoolJob["criticality"] = "sheddable"): number {
    const { critical, normal, sheddable } = this.#costMs;
    return critical + (criticality === "critical" ? 0 : normal) + (criticality === "sheddable" ? sheddable : 0);
  }

  push(job: PendingJob): void {
    job.isQueued = true;
    const key = groupKey(job);
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = { key, model: job.model, kind: kindOf(job), jobs: [] }));
    const { jobs } = group;
    let index = jobs.length;
    while (index > 0 && (jobs[index - 1]?.rank ?? 0) > job.rank) index -= 1;
    jobs.splice(index, 0, job);
    this.#account(job, 1);
  }

  /** Whether the job was there. */
  remove(job: PendingJob): boolean {
    if (!job.isQueued) return false;
    const key = groupKey(job);
    const group = this.#groups.get(key);
    if (group === undefined) return false;
    job.isQueued = false;
    group.jobs.splice(group.jobs.indexOf(job), 1);
    if (group.jobs.length === 0) this.#groups.delete(key);
    this.#account(job, -1);
    return true;
  }

  /** The group with the most urgent call first. A copy: jobs may be taken meanwhile. */
  groups(): readonly JobGroup[] {
    const groups = [...this.#groups.values()];
    return groups.length < 2 ? groups : groups.sort((a, b) => rankOf(a) - rankOf(b));
  }

  /** What waits in the same group as this call. */
  companions(job: PendingJob): readonly PendingJob[] {
    return this.#groups.get(groupKey(job))?.jobs ?? [];
  }

  /** All that wait, in no order. */
  jobs(): readonly PendingJob[] {
    return [...this.#groups.values()].flatMap(({ jobs }) => jobs);
  }

  /** The call to give up first in favour of `job`: less critical than that, the least critical of all, the last in line. */
  victim(job: PendingJob): PendingJob | undefined {
    let victim: PendingJob | undefined;
    for (const { jobs } of this.#groups.values()) {
      for (const candidate of jobs) {
        if (!isLessCritical(candidate, job)) continue;
        const isWorse =
          victim === undefined ||
          isLessCritical(candidate, victim) ||
          (!isLessCritical(victim, candidate) && candidate.rank >= victim.rank);
        if (isWorse) victim = candidate;
      }
    }
    return victim;
  }

  #account(job: PendingJob, sign: 1 | -1): void {
    this.#count += sign;
    this.#bytes += sign * job.bytes;
    this.#costMs[job.job.criticality] = Math.max(0, this.#costMs[job.job.criticality] + sign * job.costMs);
    if (this.#count === 0) Object.assign(this.#costMs, { critical: 0, normal: 0, sheddable: 0 }); // no rounding remains
  }
}

function kindOf(job: PendingJob): JobGroup["kind"] {
  if (job.isSuspect) return "suspect";
  return job.joinKey === undefined ? "alone" : "joinable";
}

function groupKey(job: PendingJob): string {
  const kind = kindOf(job);
  return `${job.model} ${kind} ${kind === "joinable" ? (job.joinKey ?? "") : ""}`;
}

function rankOf({ jobs }: JobGroup): number {
  return jobs[0]?.rank ?? Infinity;
}
