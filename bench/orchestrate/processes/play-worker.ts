import { parentPort } from "node:worker_threads";
import { type GroupTask, playGroup } from "../simulate/group.ts";

// One task at a time; the answer asks for the next.
parentPort?.on("message", (task: GroupTask) => parentPort?.postMessage(playGroup(task)));
