import type { ClientRequest } from "node:http";

/**
 * Ends a call, redirects and body included, when its time is over or its caller does not want it any more. One timer
 * and one listener: composite signals cost a third of a small call.
 */
export class CallLimit {
  readonly callerSignal: AbortSignal | undefined;
  timedOut = false;
  readonly #timer: NodeJS.Timeout;
  readonly #end = (): void => void this.#request?.destroy();
  #request: ClientRequest | undefined;

  constructor(timeoutMs: number, callerSignal: AbortSignal | undefined) {
    this.callerSignal = callerSignal;
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.#end();
    }, timeoutMs);
    this.#timer.unref();
    callerSignal?.addEventListener("abort", this.#end);
  }

  /** The request that is under way now. */
  watch(request: ClientRequest): void {
    this.#request = request;
    if (this.timedOut || this.callerSignal?.aborted === true) this.#end();
  }

  /** The call is over. */
  release(): void {
    clearTimeout(this.#timer);
    this.callerSignal?.removeEventListener("abort", this.#end);
  }
}
