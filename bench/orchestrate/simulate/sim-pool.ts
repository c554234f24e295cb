import type { PoolTelemetry } from "@stargate/compute";
import type { WorldPool } from "../world/world.ts";
import type { Job, JobEnd } from "./job.ts";
import type { VirtualTime } from "./virtual-time.ts";

interface Queued {
  readonly job: Job;
  readonly sinceMs: number;
}

interface Running {
  readonly job: Job;
  readonly sinceMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly expectedEndMs: number;
  /** Taken back: the pool died. */
  lost: boolean;
}

/** A dead host refuses connections after this long. */
const REFUSED_AFTER_MS = 5;

/** A pool of the world: a FIFO queue before slots, which can slow down, fail, hang, die and come back. */
export class SimPool {
  readonly world: WorldPool;
  readonly #time: VirtualTime;
  #queue: Queued[] = [];
  #coming: { readonly job: Job; readonly atMs: number }[] = [];
  #running: Running[] = [];
  readonly #loadedAtMs = new Map<number, number>();
  #queuedExpectedMs = 0;
  state: "up" | "dead" | "hung" = "up";
  slowdown = 1;
  failureRate = 0;
  priceFactor = 1;

  constructor(world: WorldPool, time: VirtualTime) {
    this.world = world;
    this.#time = time;
  }

  get here(): boolean {
    return this.#time.nowMs() >= this.world.joinsAtMs;
  }

  /** How long a variant still takes to load; 0 when it is there, the whole time when nobody asked for it yet. */
  coldMs(variant: number): number {
    if (this.world.coldMs === 0) return 0;
    const readyAtMs = this.#loadedAtMs.get(variant);
    return readyAtMs === undefined ? this.world.coldMs : Math.max(0, readyAtMs - this.#time.nowMs());
  }

  /** Begins to load a variant. */
  warm(variant: number): void {
    if (this.world.coldMs > 0 && !this.#loadedAtMs.has(variant))
      this.#loadedAtMs.set(variant, this.#time.nowMs() + this.world.coldMs);
  }

  submit(job: Job): void {
    this.#coming = this.#coming.filter((one) => one.job !== job);
    const nowMs = this.#time.nowMs();
    const fail = (atMs: number, result: JobEnd["result"]) =>
      this.#time.at(atMs, () => job.end({ result, queueMs: 0, slotMs: 0, coldMs: 0, telemetry: undefined }));
    if (!this.here || this.state === "dead") fail(nowMs + REFUSED_AFTER_MS, "failed");
    else if (this.state === "hung") fail(Math.max(nowMs, job.deadlineMs), "timeout");
    else if (this.#running.length < this.world.slots) this.#start({ job, sinceMs: nowMs });
    else {
      this.#queue.push({ job, sinceMs: nowMs });
      this.#queuedExpectedMs += job.expectedMs;
    }
  }

  telemetry(): PoolTelemetry {
    const nowMs = this.#time.nowMs();
    const running = this.#running.reduce((sum, { expectedEndMs }) => sum + Math.max(1, expectedEndMs - nowMs), 0);
    return {
      atMs: nowMs,
      slots: this.world.slots,
      busySlots: this.#running.length,
      queuedJobs: this.#queue.length,
      backlogMs: (running + this.#queuedExpectedMs * this.slowdown) / this.world.slots,
    };
  }

  /** Reports nothing: it is gone, stopped, or somebody else's. */
  get silent(): boolean {
    return !this.here || this.state !== "up" || this.world.slots === Number.POSITIVE_INFINITY;
  }

  /** A job that will come later: on its way through the network. */
  announce(job: Job, atMs: number): void {
    this.#coming.push({ job, atMs });
  }

  /** When a job would begin that came at `atMs`: for the oracle, who knows how long everything before it takes. */
  startOf(atMs: number): number {
    if (this.world.slots === Number.POSITIVE_INFINITY) return atMs;
    const nowMs = this.#time.nowMs();
    const free = this.#running.map(({ endMs }) => endMs).toSorted((a, b) => a - b);
    while (free.length < this.world.slots) free.unshift(nowMs);
    const before = [
      ...this.#queue.map(({ job }) => ({ job, atMs: nowMs })),
      ...this.#coming.filter((one) => one.atMs <= atMs).toSorted((a, b) => a.atMs - b.atMs),
    ];
    for (const one of before) {
      const startMs = Math.max(free.shift() ?? nowMs, one.atMs);
      insert(free, startMs > one.job.deadlineMs ? startMs : startMs + one.job.trueMs * this.slowdown);
    }
    return Math.max(atMs, free[0] ?? atMs);
  }

  /** Everything in it is lost, at once or (hung) when its deadline comes. */
  stop(state: "dead" | "hung"): void {
    this.state = state;
    const nowMs = this.#time.nowMs();
    const lost = [...this.#running, ...this.#queue];
    for (const one of this.#running) one.lost = true;
    this.#running = [];
    this.#queue = [];
    this.#queuedExpectedMs = 0;
    for (const { job, sinceMs } of lost) {
      const atMs = state === "dead" ? nowMs : Math.max(nowMs, job.deadlineMs);
      const result = state === "dead" ? "failed" : "timeout";
      const queueMs = nowMs - sinceMs;
      this.#time.at(atMs, () => job.end({ result, queueMs, slotMs: 0, coldMs: 0, telemetry: undefined }));
    }
  }

  #start({ job, sinceMs }: Queued): void {
    const startMs = this.#time.nowMs();
    const coldMs = this.coldMs(job.variant);
    this.warm(job.variant);
    const slotMs = coldMs + job.trueMs * this.slowdown;
    const running: Running = {
      job,
      sinceMs,
      startMs,
      endMs: startMs + slotMs,
      expectedEndMs: startMs + coldMs + job.expectedMs * this.slowdown,
      lost: false,
    };
    this.#running.push(running);
    const failed = job.luck < this.failureRate;
    const queueMs = startMs - sinceMs;
    const late = running.endMs > job.deadlineMs;
    if (late) {
      this.#time.at(job.deadlineMs, () => {
        if (!running.lost) job.end({ result: "timeout", queueMs, slotMs, coldMs, telemetry: this.telemetry() });
      });
    }
    this.#time.at(running.endMs, () => {
      if (running.lost) return;
      this.#running.splice(this.#running.indexOf(running), 1);
      this.#startNext();
      if (!late) job.end({ result: failed ? "failed" : "ok", queueMs, slotMs, coldMs, telemetry: this.telemetry() });
    });
  }

  #startNext(): void {
    const nowMs = this.#time.nowMs();
    while (this.#running.length < this.world.slots) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#queuedExpectedMs -= next.job.expectedMs;
      if (next.job.deadlineMs > nowMs) this.#start(next);
      else
        next.job.end({
          result: "expired",
          queueMs: nowMs - next.sinceMs,
          slotMs: 0,
          coldMs: 0,
          telemetry: this.telemetry(),
        });
    }
  }
}

function insert(sorted: number[], value: number): void {
  let index = sorted.length;
  while (index > 0 && (sorted[index - 1] ?? 0) > value) index -= 1;
  sorted.splice(index, 0, value);
}
