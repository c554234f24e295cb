import { availableParallelism } from "node:os";
import {
  cancellationOf,
  type Clock,
  fail,
  fromWireError,
  type Offload,
  type OffloadOptions,
  type OffloadTask,
} from "@stargate/kernel";
import { createNodeClock } from "../node-clock.ts";
import { packBlobs, unpackBlobs } from "./blob-transport.ts";
import type { FromWorker } from "./wire.ts";
import { startWorker, type WorkerHandle } from "./worker-handle.ts";

export interface OffloadPoolOptions {
  /** Default: the machine's clock with timers that keep no process alive. */
  readonly clock?: Clock | undefined;
  /**
   * "thread" (default) is cheap to start. "process" survives native crashes and may be killed at any moment:
   * needed for tasks with native inference, whose thread cannot be terminated without aborting the whole process.
   */
  readonly isolation?: "thread" | "process" | undefined;
  /** Workers at most. Default: what the machine can run in parallel. */
  readonly maxWorkers?: number | undefined;
  /** Tasks waiting at most; further ones are refused with SG_OFFLOAD_BUSY. Default 4096. */
  readonly maxQueued?: number | undefined;
  /** A worker is replaced after this many tasks. Default 1000. */
  readonly maxTasksPerWorker?: number | undefined;
  /** A worker that holds more after a task is replaced; one that holds twice as much during a task is ended. Default 1 GiB. */
  readonly maxWorkerBytes?: number | undefined;
  /** An idle worker ends after this long. Default 60 s. */
  readonly idleMs?: number | undefined;
  /** Time an aborted task has to end by itself before its worker is terminated. Default 1 s. */
  readonly abortGraceMs?: number | undefined;
}

export interface OffloadPool {
  readonly offload: Offload;
  status(): {
    readonly workers: number;
    readonly busy: number;
    readonly queued: number;
    readonly started: number;
    readonly replaced: number;
  };
  /** Takes no more tasks, lets those under way end for at most `drainMs` (default 10 s), then ends the workers. */
  close(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}

type Outcome = { readonly output: unknown } | { readonly error: unknown };

interface Job {
  readonly id: number;
  readonly task: OffloadTask;
  readonly input: unknown;
  readonly options: OffloadOptions;
  settle(outcome: Outcome): void;
  settled: boolean;
}

interface Slot {
  readonly handle: WorkerHandle;
  /** The task the worker is busy with; it stays here after its caller has given up, until the worker is free. */
  job: Job | undefined;
  readonly modules: Set<string>;
  tasks: number;
  alive: boolean;
  /** The timer that will end the worker: idle too long, or grace over. */
  cancelTimer(): void;
  cancelMemoryCheck(): void;
}

const GIBIBYTE = 1024 ** 3;
const MEMORY_CHECK_MS = 200;
const nothing = (): void => undefined;

/**
 * Runs tasks in a pool of warm workers: one task per worker at a time, first come first served.
 *
 * An aborted caller is rejected at once (SG_RUN_CANCELLED); its worker gets a grace time to end the task and is
 * terminated otherwise. A worker that dies rejects its task with SG_OFFLOAD_FAILED and is replaced. Errors of tasks
 * arrive with their Stargate code. Blobs cross in both directions; a Blob composed of file-backed parts does not.
 */
export function createOffloadPool(options: OffloadPoolOptions = {}): OffloadPool {
  const clock = options.clock ?? createNodeClock({ keepAlive: false });
  const isolation = options.isolation ?? "thread";
  const maxWorkers = options.maxWorkers ?? Math.max(1, availableParallelism());
  const maxQueued = options.maxQueued ?? 4096;
  const maxTasksPerWorker = options.maxTasksPerWorker ?? 1000;
  const maxWorkerBytes = options.maxWorkerBytes ?? GIBIBYTE;
  const idleMs = options.idleMs ?? 60_000;
  const abortGraceMs = options.abortGraceMs ?? 1000;

  const slots = new Set<Slot>();
  const queue = new Set<Job>(); // insertion order is the queue; a cancelled job leaves from the middle
  const idleWaiters = new Set<() => void>();
  let nextId = 1;
  let started = 0;
  let replaced = 0;
  let closed = false;

  const offload: Offload = <Input, Output>(
    task: OffloadTask<Input, Output>,
    input: Input,
    taskOptions: OffloadOptions = {},
  ): Promise<Output> => {
    if (closed)
      return Promise.reject(fail("SG_OFFLOAD_FAILED", `Cannot run ${nameOf(task)}: the worker pool is closed`));
    const name = nameOf(task);
    if (queue.size >= maxQueued)
      return Promise.reject(
        fail("SG_OFFLOAD_BUSY", `${queue.size} tasks are waiting for ${maxWorkers} workers; the limit is ${maxQueued}`),
      );
    if (taskOptions.signal?.aborted === true) return Promise.reject(cancellationOf(taskOptions.signal, name));
    return new Promise<Output>((resolve, reject) => {
      const { signal } = taskOptions;
      const onAbort = (): void => {
        if (signal !== undefined) giveUp(job, cancellationOf(signal, name));
      };
      const cancelTimeout =
        taskOptions.timeoutMs === undefined
          ? nothing
          : clock.timer(taskOptions.timeoutMs, () =>
              giveUp(job, fail("SG_RUN_DEADLINE", `${name} did not end within ${taskOptions.timeoutMs} ms`)),
            );
      const job: Job = {
        id: nextId++,
        task: task as OffloadTask,
        input,
        options: taskOptions,
        settled: false,
        settle: (outcome) => {
          if (job.settled) return;
          job.settled = true;
          cancelTimeout();
          taskOptions.signal?.removeEventListener("abort", onAbort);
          if ("error" in outcome)
            reject(outcome.error instanceof Error ? outcome.error : fail("SG_OFFLOAD_FAILED", String(outcome.error)));
          else resolve(outcome.output as Output); // the task's declared type; workers run our own tasks
        },
      };
      taskOptions.signal?.addEventListener("abort", onAbort, { once: true });
      queue.add(job);
      dispatch();
    });
  };

  function dispatch(): void {
    for (const job of queue) {
      const slot = pickSlot(job.task.module);
      if (slot === undefined) return;
      queue.delete(job);
      void assign(slot, job);
    }
    if (queue.size === 0 && busyCount() === 0) for (const wake of idleWaiters) wake();
  }

  // An idle worker that has the module loaded, any idle one, or a new one.
  function pickSlot(module: string): Slot | undefined {
    let free: Slot | undefined;
    for (const slot of slots) {
      if (slot.job !== undefined) continue;
      if (slot.modules.has(module)) return slot;
      free = slot;
    }
    return free ?? (slots.size < maxWorkers ? startSlot() : undefined);
  }

  async function assign(slot: Slot, job: Job): Promise<void> {
    slot.cancelTimer();
    slot.job = job;
    slot.modules.add(job.task.module);
    slot.handle.ref();
    try {
      const input = await packBlobs(job.input, isolation === "thread" ? "share" : "bytes");
      if (!slot.alive) return; // its exit has rejected the job
      if (job.settled) return release(slot);
      watchMemory(slot);
      slot.handle.post(
        { type: "run", id: job.id, module: job.task.module, export: job.task.export, input },
        job.options.transfer,
      );
    } catch (error) {
      job.settle({
        error: fail(
          "SG_OFFLOAD_FAILED",
          `The input of ${nameOf(job.task)} cannot be sent to a worker: ${messageOf(error)}`,
          { cause: error },
        ),
      });
      release(slot);
    }
  }

  function startSlot(): Slot {
    const slot: Slot = {
      handle: startWorker(
        { isolation, maxHeapBytes: (isolation === "thread" ? 4 : 2) * maxWorkerBytes },
        { message: (message) => void receive(slot, message), exit: (reason) => bury(slot, reason) },
      ),
      job: undefined,
      modules: new Set(),
      tasks: 0,
      alive: true,
      cancelTimer: nothing,
      cancelMemoryCheck: nothing,
    };
    started += 1;
    slots.add(slot);
    return slot;
  }

  async function receive(slot: Slot, message: FromWorker): Promise<void> {
    const job = slot.job;
    if (job === undefined || job.id !== message.id) return;
    if (message.type === "progress") {
      if (!job.settled) job.options.onProgress?.(message.message);
      return;
    }
    const outcome: Outcome =
      message.type === "failed"
        ? { error: fromWireError(message.error, nameOf(job.task)) }
        : await unpackBlobs(message.output).then(
            (output) => ({ output }),
            (error: unknown) => ({ error }),
          );
    if (!slot.alive) return; // it ended meanwhile, and its exit has rejected the job
    slot.tasks += 1;
    if (slot.tasks >= maxTasksPerWorker || message.memoryBytes > maxWorkerBytes) retire(slot);
    else release(slot);
    job.settle(outcome);
  }

  // V8 ends the whole process when a thread exhausts its heap, so a greedy thread must be ended before.
  function watchMemory(slot: Slot): void {
    const { job, handle } = slot;
    if (handle.measureBytes === undefined) return;
    const measured = handle.measureBytes.bind(handle);
    slot.cancelMemoryCheck = clock.timer(MEMORY_CHECK_MS, () => {
      measured().then(
        (bytes) => {
          if (!slot.alive || slot.job !== job) return;
          if (bytes <= 2 * maxWorkerBytes) return watchMemory(slot);
          handle.terminate();
          bury(slot, `it held ${bytes} bytes; the ceiling is ${2 * maxWorkerBytes}`);
        },
        nothing, // it has just ended
      );
    });
  }

  function release(slot: Slot): void {
    slot.cancelTimer();
    slot.cancelMemoryCheck();
    slot.job = undefined;
    slot.handle.unref();
    slot.cancelTimer = clock.timer(idleMs, () => retire(slot));
    dispatch();
  }

  // Lets a worker go: what it still holds (engines, their own workers) ends with it.
  function retire(slot: Slot): void {
    forget(slot);
    slot.handle.post({ type: "leave" });
    slot.handle.unref();
    slot.cancelTimer = clock.timer(abortGraceMs, () => slot.handle.terminate());
    dispatch();
  }

  function bury(slot: Slot, reason: string): void {
    const job = slot.job;
    forget(slot);
    job?.settle({
      error: fail("SG_OFFLOAD_FAILED", `The worker of ${nameOf(job.task)} ended before the task did: ${reason}`),
    });
    dispatch();
  }

  function forget(slot: Slot): void {
    slot.cancelTimer();
    slot.cancelMemoryCheck();
    slot.alive = false;
    slot.job = undefined;
    if (slots.delete(slot) && !closed) replaced += 1;
  }

  function giveUp(job: Job, error: Error): void {
    job.settle({ error });
    if (queue.delete(job)) return;
    const slot = [...slots].find((candidate) => candidate.job === job);
    if (slot === undefined) return;
    slot.handle.post({ type: "abort", id: job.id });
    slot.cancelTimer = clock.timer(abortGraceMs, () => slot.handle.terminate());
  }

  const busyCount = (): number => [...slots].filter((slot) => slot.job !== undefined).length;

  return {
    offload,
    status: () => ({ workers: slots.size, busy: busyCount(), queued: queue.size, started, replaced }),
    async close({ drainMs = 10_000 } = {}) {
      closed = true;
      if (queue.size > 0 || busyCount() > 0) {
        await new Promise<void>((resolve) => {
          const cancel = clock.timer(drainMs, resolve);
          idleWaiters.add(() => (cancel(), resolve()));
        });
      }
      for (const job of queue)
        job.settle({ error: fail("SG_RUN_CANCELLED", `${nameOf(job.task)} was waiting when the worker pool closed`) });
      queue.clear();
      for (const slot of slots) {
        slot.job?.settle({
          error: fail("SG_RUN_CANCELLED", `${nameOf(slot.job.task)} was running when the worker pool closed`),
        });
        if (slot.job === undefined) retire(slot);
        else slot.handle.terminate();
      }
    },
  };
}

function nameOf(task: { readonly module: string; readonly export: string }): string {
  return `task "${task.export}" of ${task.module.slice(task.module.lastIndexOf("/") + 1)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
