import type { WireError } from "@stargate/kernel";

/** What the pool says to a worker. */
export type ToWorker =
  | {
      readonly type: "run";
      readonly id: number;
      readonly module: string;
      readonly export: string;
      readonly input: unknown;
    }
  | { readonly type: "abort"; readonly id: number }
  /** No more tasks: leave when the event loop is empty. */
  | { readonly type: "leave" };

/** What a worker says to the pool. `memoryBytes` is what the worker's own heap and buffers hold after the task. */
export type FromWorker =
  | { readonly type: "progress"; readonly id: number; readonly message: unknown }
  | { readonly type: "done"; readonly id: number; readonly output: unknown; readonly memoryBytes: number }
  | { readonly type: "failed"; readonly id: number; readonly error: WireError; readonly memoryBytes: number };
