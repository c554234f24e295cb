import type { Clock } from "@stargate/kernel";

/** One event on its way to a client. */
export interface StreamEvent {
  readonly name: string;
  /** JSON. */
  readonly data: string;
  /** What it replaces: of several events with one key that nobody has read yet, the last is sent. */
  readonly key?: string | undefined;
}

export interface EventQueueOptions {
  readonly clock: Clock;
  /** Most that may wait for a slow client. */
  readonly maxPendingBytes?: number | undefined;
  /** What may wait before makers of events that must arrive have to wait, too. */
  readonly roomyBytes?: number | undefined;
  /** Silence after which the reader is told so. */
  readonly heartbeatMs?: number | undefined;
}

/** What there is to send. */
export interface EventBatch {
  /** None: nothing has happened for a while. */
  readonly events: readonly StreamEvent[];
  readonly isLast: boolean;
}

const USUAL_PENDING_BYTES = 2 ** 20;
const USUAL_ROOMY_BYTES = 2 ** 16;

/** Below the minute that proxies let a silent connection live. */
const USUAL_HEARTBEAT_MS = 15_000;

/**
 * Events on their way to one client. Who makes them cannot be made to wait, so that a slow client costs events: beyond
 * the bound they are dropped, and an event `dropped` says how many. Those that are `awaited` are never dropped: their
 * maker waits until there is room.
 */
export class EventQueue {
  readonly #clock: Clock;
  readonly #maxPendingBytes: number;
  readonly #roomyBytes: number;
  readonly #heartbeatMs: number;
  #pending: StreamEvent[] = [];
  #pendingBytes = 0;
  #dropped = 0;
  #last: readonly StreamEvent[] | undefined;
  #isCancelled = false;
  /** Wakes the reader, who waits for events. */
  #wakeReader: (() => void) | undefined;
  /** Wake those who wait for room. */
  #wakeWriters: (() => void)[] = [];

  constructor({ clock, maxPendingBytes, roomyBytes, heartbeatMs }: EventQueueOptions) {
    this.#clock = clock;
    this.#maxPendingBytes = maxPendingBytes ?? USUAL_PENDING_BYTES;
    this.#roomyBytes = roomyBytes ?? USUAL_ROOMY_BYTES;
    this.#heartbeatMs = heartbeatMs ?? USUAL_HEARTBEAT_MS;
  }

  /** Sends an event, if there is room for it. */
  send(event: StreamEvent): void {
    if (this.#isOver) return;
    const replaced = event.key === undefined ? -1 : this.#pending.findIndex(({ key }) => key === event.key);
    if (replaced >= 0) this.#pending[replaced] = event;
    else if (this.#pendingBytes + event.data.length > this.#maxPendingBytes) this.#dropped += 1;
    else this.#add(event);
  }

  /** Sends an event that must arrive; resolves when there is room for the next, or the client is gone. */
  async sendAwaited(event: StreamEvent): Promise<void> {
    if (this.#isOver) return;
    this.#add(event);
    if (this.#pendingBytes < this.#roomyBytes) return;
    await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
  }

  /** Sends the last events; none comes after them. */
  end(...events: readonly StreamEvent[]): void {
    if (this.#isOver) return;
    this.#last = events;
    this.#wakeReader?.();
  }

  /** The client is gone: nobody reads any more, and nobody has to wait. */
  cancel(): void {
    this.#isCancelled = true;
    this.#wakeReader?.();
    this.#release();
  }

  /** Takes all there is, when there is something or nothing has happened for a while. */
  async take(): Promise<EventBatch> {
    if (this.#pending.length === 0 && !this.#isOver) await this.#untilNext();
    if (this.#isCancelled) return { events: [], isLast: true };
    const events = this.#pending;
    if (this.#dropped > 0) events.push({ name: "dropped", data: JSON.stringify({ events: this.#dropped }) });
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#dropped = 0;
    this.#release();
    return { events: [...events, ...(this.#last ?? [])], isLast: this.#last !== undefined };
  }

  get #isOver(): boolean {
    return this.#isCancelled || this.#last !== undefined;
  }

  #add(event: StreamEvent): void {
    this.#pending.push(event);
    this.#pendingBytes += event.data.length;
    this.#wakeReader?.();
  }

  #untilNext(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stopHeartbeat();
        this.#wakeReader = undefined;
        resolve();
      };
      const stopHeartbeat = this.#clock.timer(this.#heartbeatMs, done);
      this.#wakeReader = done;
    });
  }

  #release(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
  }
}
