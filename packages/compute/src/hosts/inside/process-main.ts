import { once } from "node:events";
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { lowerThreadPriority } from "../../isolation/lower-priority.ts";
import { workerEntry } from "../../isolation/worker-entry.ts";
import { createFrameReader } from "../wire/read-frames.ts";
import type { FromHost, ToHost } from "../wire/host-messages.ts";
import { writeFrame } from "../wire/write-frame.ts";
import { serveModels } from "./serve-models.ts";

// The entry of a model host that is a process. It ends when the gateway says so, or is gone, and at no other moment:
// signals that a terminal or a service manager sends to the whole group leave it to the gateway to drain.

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);

const { url } = workerEntry({ base: import.meta.url, module: "./beat-main" });
const beat = new Worker(url, { name: "stargate-beat", resourceLimits: { maxOldGenerationSizeMb: 16 } });
beat.unref();

const wire = new Socket({ fd: 3, readable: true, writable: true });
// A run may be under way, which `process.exit` would turn into an abort with a core dump.
wire.on("close", () => process.kill(process.pid, "SIGKILL"));
wire.on("error", () => undefined); // it closes next

const serve = serveModels({
  send(message: FromHost) {
    const chunks = writeFrame(message);
    wire.cork();
    for (const chunk of chunks) wire.write(chunk);
    wire.uncork();
  },
  memoryBytes: () => process.memoryUsage.rss(),
  lowerPriority: lowerThreadPriority,
  leave: () => process.exit(0),
  alive: once(beat, "online"),
});

const read = createFrameReader<ToHost>(serve);
wire.on("data", read);
