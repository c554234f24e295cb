import type { Clock } from "@stargate/kernel";

/** One server-sent event. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
  /** What it replaces: of several events with one key that nobody has read yet, the last is sent. */
  readonly key?: string | undefined;
}

export interface EventStreamOptions {
  readonly clock: Clock;
  /** Most that may wait for a slow client. */
  readonly maxPendingBytes?: number | undefined;
  /** What may wait before makers of events that must arrive have to wait, too. */
  readonly roomyBytes?: number | undefined;
  /** Silence after which a comment says that the connection lives. */
  readonly heartbeatMs?: number | undefined;
}

/** Media type of server-sent events (WHATWG HTML, 9.2). */
export const eventStreamMediaType = "text/event-stream";

const USUAL_PENDING_BYTES = 2 ** 20;
const USUAL_ROOMY_BYTES = 2 ** 16;

/** Below the minute that proxies let a silent connection live. */
const USUAL_HEARTBEAT_MS = 15_000;

/**
 * Server-sent events on their way to one client. Who makes them cannot be made to wait, so that a slow client costs
 * events: beyond the bound they are dropped, and an event `dropped` says how many. Those that are `awaited` are never
 * dropped: their maker waits until they are read.
 */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: {
    readonly clock: Clock;
    readonly maxPendingBytes: number;
    readonly heartbeatMs: number;
    readonly roomyBytes: number;
  };
  #pending: StreamEvent[] = [];
  #pendingBytes = 0;
  #dropped = 0;
  #last: readonly StreamEvent[] = [];
  #isEnded = false;
  #isCancelled = false;
  #stopHeartbeat: (() => void) | undefined;
  /** Wakes the reader, who waits for events. */
  #wakeReader: (() => void) | undefined;
  /** Wake those who wait for everything to be read. */
  #wakeWriters: (() => void)[] = [];

  constructor({ clock, maxPendingBytes, heartbeatMs, roomyBytes }: EventStreamOptions) {
    this.#options = {
      clock,
      maxPendingBytes: maxPendingBytes ?? USUAL_PENDING_BYTES,
      heartbeatMs: heartbeatMs ?? USUAL_HEARTBEAT_MS,
      roomyBytes: roomyBytes ?? USUAL_ROOMY_BYTES,
    };
    // Without a buffer of its own: what is not read yet is counted here.
    this.body = new ReadableStream(
      { pull: (controller) => this.#pull(controller), cancel: () => this.#cancel() },
      {
        highWaterMark: 0,
      },
    );
  }

  /** Sends an event, if there is room for it. */
  send(event: StreamEvent): void {
    if (this.#isEnded || this.#isCancelled) return;
    const replaced = event.key === undefined ? -1 : this.#pending.findIndex(({ key }) => key === event.key);
    if (replaced >= 0) this.#pending[replaced] = event;
    else if (this.#pendingBytes + event.data.length > this.#options.maxPendingBytes) this.#dropped += 1;
    else this.#add(event);
  }

  /** Sends an event that must arrive; resolves when there is room for the next, or the client is gone. */
  async sendAwaited(event: StreamEvent): Promise<void> {
    if (this.#isEnded || this.#isCancelled) return;
    this.#add(event);
    if (this.#pendingBytes < this.#options.roomyBytes) return;
    await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
  }

  /** Sends the last events, and ends. */
  end(...events: readonly StreamEvent[]): void {
    if (this.#isEnded || this.#isCancelled) return;
    this.#isEnded = true;
    this.#last = events;
    this.#wakeReader?.();
  }

  #add(event: StreamEvent): void {
    this.#pending.push(event);
    this.#pendingBytes += event.data.length;
    this.#wakeReader?.();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#pending.length === 0 && !this.#isEnded) {
      const isSilent = await this.#untilNext();
      if (this.#isCancelled) return;
      if (isSilent) return controller.enqueue(Buffer.from(": still here\n\n"));
    }
    const events = this.#pending;
    const dropped = this.#dropped;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#dropped = 0;
    if (dropped > 0) events.push({ name: "dropped", data: JSON.stringify({ events: dropped }) });
    if (this.#isEnded) events.push(...this.#last);
    if (events.length > 0) controller.enqueue(Buffer.from(events.map(written).join("")));
    if (this.#isEnded) controller.close();
    this.#release();
  }

  /** Waits for an event; true when none came for a while. */
  #untilNext(): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (isSilent: boolean): void => {
        this.#stopHeartbeat?.();
        this.#wakeReader = undefined;
        resolve(isSilent);
      };
      this.#wakeReader = () => done(false);
      this.#stopHeartbeat = this.#options.clock.timer(this.#options.heartbeatMs, () => done(true));
    });
  }

  #cancel(): void {
    this.#isCancelled = true;
    this.#wakeReader?.();
    this.#release();
  }

  #release(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
  }
}

function written({ name, data }: StreamEvent): string {
  return `event: ${name}\ndata: ${data.replaceAll(/\r\n|\r|\n/g, "\ndata: ")}\n\n`;
}
