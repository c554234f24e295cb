import type { OffloadTask } from "../contract/offload.ts";
import { moduleBeside } from "./module-beside.ts";

/**
 * Names a task function in a module beside the caller, in a way that works from source (.ts) and from a build (.js).
 * @example
 * const readPage = defineTask<ReadPageInput, ReadPageOutput>({ base: import.meta.url, module: "./read-page-task", export: "readPage" });
 * await ctx.offload(readPage, { page: 3 }, { signal: ctx.signal });
 */
export function defineTask<Input, Output>(task: {
  base: string;
  module: string;
  export: string;
}): OffloadTask<Input, Output> {
  return Object.freeze({ kind: "task", module: moduleBeside(task), export: task.export });
}
