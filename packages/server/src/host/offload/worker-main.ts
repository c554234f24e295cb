import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { lowerThreadPriority } from "@stargate/compute/isolation";
import type { TaskContext } from "@stargate/kernel";
import { packBlobs, unpackBlobs, type BlobMode } from "./blob-transport.ts";
import type { FromWorker, ToWorker } from "./wire.ts";

// The entry of pool workers, thread and process alike. It imports nothing of the kernel at run time: a worker
// starts in the time Node needs, and each task brings what it uses.

const mode: BlobMode = parentPort === null ? "bytes" : "share";
const running = new Map<number, AbortController>();
lowerThreadPriority();

function send(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
  if (parentPort === null) process.send?.(message);
  else parentPort.postMessage(message, transfer);
}

function memoryBytes(): number {
  if (parentPort === null) return process.memoryUsage.rss();
  // Resident is the whole process; heap and buffers are this thread's own.
  const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics();
  return heapBytes + externalBytes;
}

async function run(task: Extract<ToWorker, { type: "run" }>): Promise<void> {
  const { id } = task;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const namespace = (await import(task.module)) as Record<string, unknown>; // any module; its export is checked next
    const exported = namespace[task.export];
    if (typeof exported !== "function") {
      const message = `${task.module} exports no function "${task.export}"`;
      return send({ type: "failed", id, error: { name: "TypeError", message }, memoryBytes: memoryBytes() });
    }
    const moved: ArrayBuffer[] = [];
    const context: TaskContext = {
      signal: controller.signal,
      progress: (message) => send({ type: "progress", id, message }),
      transfer: (buffers) => void moved.push(...buffers),
    };
    const output: unknown = await exported(await unpackBlobs(task.input), context);
    send({ type: "done", id, output: await packBlobs(output, mode), memoryBytes: memoryBytes() }, moved);
  } catch (error) {
    const { toWireError } = await import("@stargate/kernel/backend");
    send({ type: "failed", id, error: toWireError(error), memoryBytes: memoryBytes() });
  } finally {
    running.delete(id);
  }
}

function receive(message: ToWorker): void {
  if (message.type === "run") void run(message);
  else if (message.type === "abort") running.get(message.id)?.abort();
  else leave();
}

function leave(): void {
  if (parentPort === null) process.disconnect();
  else parentPort.close();
}

if (parentPort === null) process.on("message", receive);
else parentPort.on("message", receive);
