// What code that runs beside a gateway's own thread needs, in workers of any kind. It loads nothing of the kernel.
export { lowerThreadPriority } from "./lower-priority.ts";
export { workerEntry } from "./worker-entry.ts";
