/**
 * Names heavy code by module and export, so that a host can run it in a worker thread or a child process.
 * Made with `defineTask`; the exported function is `(input, context) => output`, both structured-cloneable.
 */
export interface OffloadTask<Input = unknown, Output = unknown> {
  readonly kind: "task";
  /** Absolute URL of the module. */
  readonly module: string;
  /** Name of the exported function. */
  readonly export: string;
  /** Never set: carries the types. */
  readonly "~types"?: readonly [Input, Output];
}

/** What a task function gets besides its input. */
export interface TaskContext {
  /** Aborted when the caller gave up. A task should stop soon; a host may end its worker if it does not. */
  readonly signal: AbortSignal;
  /** Sends a structured-cloneable progress message to the caller. */
  progress(message: unknown): void;
  /**
   * Says which buffers of the output are to be moved, not copied, to the caller. The task does not touch them afterwards.
   * Without effect where memory cannot be moved: a child process, inline.
   */
  readonly transfer: (buffers: readonly ArrayBuffer[]) => void;
}

export type TaskFunction<Input, Output> = (input: Input, context: TaskContext) => Output | Promise<Output>;

export interface OffloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Buffers moved, not copied, to the worker. They are detached here afterwards. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
  readonly timeoutMs?: number | undefined;
  readonly onProgress?: ((message: unknown) => void) | undefined;
}

/** Runs a task somewhere else: worker thread or process in a server, inline in a bare embed. */
export type Offload = <Input, Output>(
  task: OffloadTask<Input, Output>,
  input: Input,
  options?: OffloadOptions,
) => Promise<Output>;
