import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { GroupResult, GroupTask } from "./group.ts";

const MOST_WORKERS = 4;

/** Plays groups on every core. The order of the results is that of the tasks. */
export async function playGroups(
  tasks: readonly GroupTask[],
  note: (message: string) => void,
): Promise<readonly GroupResult[]> {
  const results: GroupResult[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    const worker = new Worker(new URL("../processes/play-worker.ts", import.meta.url));
    try {
      for (let index = next++; index < tasks.length; index = next++) {
        worker.postMessage(tasks[index]);
        const [answer] = (await once(worker, "message")) as [GroupResult]; // what play-worker.ts posts
        results[index] = answer;
        done += 1;
        note(`${done}/${tasks.length} ${answer.scenario}, seed ${answer.seed}`);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST_WORKERS, availableParallelism()) }, work));
  return results;
}
