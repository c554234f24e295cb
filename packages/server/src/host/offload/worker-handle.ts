import { fork } from "node:child_process";
import { Worker, type ResourceLimits } from "node:worker_threads";
import { workerEntry } from "@stargate/compute/isolation";
import type { FromWorker, ToWorker } from "./wire.ts";

/** One worker of the pool, thread or process: the pool sees no difference. */
export interface WorkerHandle {
  post(message: ToWorker, transfer?: readonly ArrayBuffer[]): void;
  /** Keeps the process alive while the worker has work, lets it end otherwise. */
  ref(): void;
  unref(): void;
  /** Ends the worker now, whatever it is doing. */
  terminate(): void;
  /** What heap and buffers of a thread hold, even while it computes. Absent: the process has a limit of its own. */
  measureBytes?(): Promise<number>;
}

export interface WorkerEvents {
  message(message: FromWorker): void;
  /** The worker is gone; `reason` says why, for the log. Called once. */
  exit(reason: string): void;
}

export interface WorkerOptions {
  readonly isolation: "thread" | "process";
  /** Where V8 gives up. For a thread a backstop only: V8 then ends the whole process (measured, Node 24.21). */
  readonly maxHeapBytes: number;
}

const MEBIBYTE = 1024 * 1024;
/** V8 lets the young generation of a thread grow to 48 MiB before it looks again; tasks are no slower with this. */
const youngGenerationMebibytes = 12;

/** Starts a worker on the pool's entry module. Task modules in .ts work when the host itself runs from source. */
export function startWorker(options: WorkerOptions, events: WorkerEvents): WorkerHandle {
  return options.isolation === "thread" ? startThread(options, events) : startProcess(options, events);
}

function startThread(options: WorkerOptions, events: WorkerEvents): WorkerHandle {
  const resourceLimits: ResourceLimits = {
    maxOldGenerationSizeMb: Math.ceil(options.maxHeapBytes / MEBIBYTE),
    maxYoungGenerationSizeMb: youngGenerationMebibytes,
  };
  const entry = mainEntry();
  const worker = new Worker(entry.url, { name: "stargate-offload", execArgv: [...entry.execArgv], resourceLimits });
  let reason = "";
  worker.on("message", (message: FromWorker) => events.message(message));
  worker.on("messageerror", (error) => ((reason = error.message), void worker.terminate()));
  worker.on("error", (error) => (reason = error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => events.exit(reason === "" ? `exit code ${code}` : reason));
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    terminate: () => void worker.terminate(),
    async measureBytes() {
      const { used_heap_size: heapBytes, external_memory: externalBytes } = await worker.getHeapStatistics();
      return heapBytes + externalBytes;
    },
  };
}

function startProcess(options: WorkerOptions, events: WorkerEvents): WorkerHandle {
  const heapFlag = `--max-old-space-size=${Math.ceil(options.maxHeapBytes / MEBIBYTE)}`;
  const entry = mainEntry();
  const child = fork(entry.url, {
    serialization: "advanced",
    execArgv: [...entry.execArgv, heapFlag],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let ended = false;
  const end = (reason: string): void => {
    if (!ended) events.exit(reason);
    ended = true;
  };
  child.on("message", (message) => events.message(message as FromWorker)); // our own entry sends nothing else
  child.on("error", (error) => end(error.message));
  child.on("exit", (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  return {
    post: (message) => void (child.connected && child.send(message)),
    ref: () => (child.ref(), child.channel?.ref()),
    unref: () => (child.unref(), child.channel?.unref()),
    terminate: () => void child.kill("SIGKILL"),
  };
}

const mainEntry = () => workerEntry({ base: import.meta.url, module: "./worker-main" });
