import { parentPort } from "node:worker_threads";
import { lowerThreadPriority } from "../../isolation/lower-priority.ts";
import { passTensors } from "../wire/pass-tensors.ts";
import type { FromHost, ToHost } from "../wire/host-messages.ts";
import { serveModels } from "./serve-models.ts";

// The entry of a model host that is a thread.

const serve = serveModels({
  send(message: FromHost) {
    const { message: passed, transfer } = passTensors(message);
    parentPort?.postMessage(passed, transfer);
  },
  memoryBytes: () => 0, // a thread has no memory that could be told from the gateway's
  lowerPriority: lowerThreadPriority,
  leave: () => process.exit(0), // of the thread
  alive: Promise.resolve(),
});

parentPort?.on("message", (message: ToHost) => serve(message));
