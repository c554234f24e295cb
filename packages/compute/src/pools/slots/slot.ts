import { isStargateError, type Clock, type StargateError } from "@stargate/kernel";
import type { ModelHost, OpenModelHost } from "../../hosts/model-host.ts";
import type { LocatedVariant } from "../../store/model-store.ts";
import { fail } from "../pool-errors.ts";
import type { PoolHostEvent } from "../pool-events.ts";
import type { RestartLimits } from "../pool-options.ts";
import type { HostModels } from "./host-models.ts";
import { LiveHost } from "./live-host.ts";
import { RestartSchedule } from "./restart-schedule.ts";

/** Pause before a replacement that did not come up is tried again. */
const RETRY_MS = 5000;

export interface SlotOptions {
  readonly pool: string;
  readonly index: number;
  readonly capacity: () => number;
  readonly openHost: OpenModelHost;
  readonly createModels: (host: ModelHost, onEmpty: (isEmpty: boolean) => void) => HostModels;
  readonly clock: Clock;
  readonly idleClock: Clock;
  readonly restart: RestartLimits;
  readonly idleHostMs: number;
  /** Hosts came or went: whoever waits looks again. */
  readonly changed: () => void;
  readonly onStarted: (ms: number) => void;
  /** A host did not come up, or ended before it gave an answer. */
  readonly onEndedInVain: () => void;
  readonly note: (event: PoolHostEvent) => void;
}

/** How a host in use gives way to a fresh one. */
export interface ReplaceOptions {
  readonly reason: string;
  /** Asked when the other is up: false leaves everything as it was. Default: yes. */
  readonly isStillWanted?: (() => boolean) | undefined;
  /** It does not answer: it is killed when the other is up, instead of being let finish. */
  readonly isStuck?: boolean | undefined;
}

/** A place for one host: opened when needed, opened again when it ends, replaced without a gap. */
export class Slot {
  readonly index: number;
  readonly #options: SlotOptions;
  readonly #schedule: RestartSchedule;
  readonly #closing = new AbortController();
  /** Every host that has not been closed yet. */
  readonly #hosts = new Set<LiveHost>();
  #live: LiveHost | undefined;
  #starting: Promise<void> | undefined;
  #replacing: Promise<void> | undefined;
  #pausedUntilMs: number | undefined;
  #cancelPause: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #lastFailure: StargateError | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.index = options.index;
    this.#schedule = new RestartSchedule(options.restart);
  }

  /** The host that takes work. */
  get live(): LiveHost | undefined {
    return this.#live;
  }

  get isStarting(): boolean {
    return this.#starting !== undefined;
  }

  get isReplacing(): boolean {
    return this.#replacing !== undefined;
  }

  /** Nothing is here and nothing is coming, but may be started. */
  get isEmpty(): boolean {
    return this.#live === undefined && !this.isStarting && !this.isReplacing && this.#pausedUntilMs === undefined;
  }

  /** Set while the slot rests after its host ended. */
  get pausedUntilMs(): number | undefined {
    return this.#pausedUntilMs;
  }

  /** Ends of hosts in a row. */
  get crashes(): number {
    return this.#schedule.crashes;
  }

  /** Why the last host ended or did not come up. */
  get lastFailure(): StargateError | undefined {
    return this.#lastFailure;
  }

  /** Starts a host with some models unless one is here, coming or not allowed yet. */
  start(reload: readonly LocatedVariant[] = []): void {
    if (!this.isEmpty || this.#closing.signal.aborted) return;
    this.#starting = this.#open(reload).then(
      (live) => {
        this.#starting = undefined;
        this.#enter(live);
      },
      (error: unknown) => {
        this.#starting = undefined;
        this.#failedToStart(error);
      },
    );
  }

  /** Resolves when what is being started is up, or has failed. */
  async started(): Promise<void> {
    await this.#starting;
  }

  /** Opens another host with the same models; when it is up it takes the place of this one. Until then nothing changes. */
  replace(old: LiveHost, replacement: ReplaceOptions): void {
    const { reason, isStillWanted = () => true, isStuck = false } = replacement;
    if (this.#replacing !== undefined || this.#live !== old || this.#closing.signal.aborted) return;
    this.#replacing = this.#open(old.located).then(
      (next) => {
        this.#replacing = undefined;
        if (this.#live === old && !isStillWanted()) return this.#discard(next);
        if (this.#live === old && isStuck) this.#giveUp(old, reason);
        else if (this.#live === old) {
          this.#live = undefined;
          this.#note("replaced", old, reason);
          void this.#retire(old);
        }
        this.#enter(next);
      },
      (error: unknown) => {
        this.#replacing = undefined;
        if (this.#closing.signal.aborted) return;
        this.#noteFailure(error);
        if (this.#live === undefined) this.#restart(0, old.located);
        else this.#cancelRetry = this.#options.idleClock.timer(RETRY_MS, () => this.replace(old, replacement));
        this.#options.changed();
      },
    );
  }

  /** Kills a host that does not answer and starts another. What it was doing fails at once. */
  eject(old: LiveHost, reason: string): void {
    if (this.#live !== old) return;
    this.#giveUp(old, reason);
    this.#noteEnd(old);
    this.#restart(this.#options.clock.nowMs() - old.upSinceMs, old.located);
    this.#options.changed();
  }

  /** Ends after what is under way; with `force` at once. */
  async close(force: boolean): Promise<void> {
    this.#closing.abort();
    this.#cancelPause?.();
    this.#cancelIdle?.();
    this.#cancelRetry?.();
    await Promise.all([this.#starting, this.#replacing]);
    const hosts = [...this.#hosts];
    this.#live = undefined;
    await Promise.all(hosts.map((live) => (force ? this.#end(live, true) : this.#retire(live))));
  }

  async #open(reload: readonly LocatedVariant[]): Promise<LiveHost> {
    const { openHost, createModels, clock, capacity, index } = this.#options;
    const startedMs = clock.nowMs();
    const host = await openHost({ signal: this.#closing.signal });
    const models = createModels(host, (isEmpty) => this.#watchIdle(host, isEmpty));
    const live = new LiveHost({ host, models, slot: index, capacity, upSinceMs: clock.nowMs() });
    this.#hosts.add(live);
    void host.lost.then((reason) => this.#lost(live, reason));
    this.#options.onStarted(clock.nowMs() - startedMs);
    for (const located of reload) {
      try {
        (await live.untilLost(models.load(located))).release();
      } catch (error) {
        if (live.lostReason !== undefined) throw error;
        // It is loaded again when it is called, and says then what is wrong.
      }
    }
    if (live.lostReason !== undefined) throw live.lostReason;
    this.#note("started", live, undefined, clock.nowMs() - startedMs);
    return live;
  }

  #enter(live: LiveHost): void {
    if (this.#closing.signal.aborted) return; // close() takes care of it
    this.#live = live;
    if (live.lostReason !== undefined) {
      this.#note("lost", live, live.lostReason.message);
      return this.#wentDown(live);
    }
    void live.host.retirement.then(({ reason }) => {
      live.isRetiring = true;
      this.replace(live, { reason });
    });
    if (live.models.count === 0) this.#watchIdle(live.host, true);
    this.#options.changed();
  }

  #failedToStart(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#noteFailure(error);
    this.#options.onEndedInVain();
    this.#pause(this.#schedule.crashed(0));
    this.#options.changed();
  }

  /** The host says that it has ended. */
  #lost(live: LiveHost, reason: StargateError): void {
    const wasKnown = live.lostReason !== undefined;
    live.markLost(reason);
    void this.#end(live, true);
    if (this.#live !== live || wasKnown) return;
    this.#lastFailure = reason;
    this.#note("lost", live, reason.message);
    this.#wentDown(live);
  }

  #wentDown(live: LiveHost): void {
    this.#live = undefined;
    this.#noteEnd(live);
    if (!this.#closing.signal.aborted) this.#restart(this.#options.clock.nowMs() - live.upSinceMs, live.located);
    this.#options.changed();
  }

  #noteEnd({ hasAnswered }: LiveHost): void {
    if (!hasAnswered) this.#options.onEndedInVain();
  }

  #restart(upMs: number, reload: readonly LocatedVariant[]): void {
    if (this.#replacing !== undefined) return; // it takes the place
    this.#pause(this.#schedule.crashed(upMs), () => this.start(reload));
  }

  #pause(pauseMs: number, resume?: () => void): void {
    if (pauseMs === 0) return resume?.();
    const { clock, idleClock } = this.#options;
    this.#pausedUntilMs = clock.nowMs() + pauseMs;
    this.#cancelPause = idleClock.timer(pauseMs, () => {
      this.#pausedUntilMs = undefined;
      resume?.();
      this.#options.changed();
    });
  }

  #giveUp(old: LiveHost, reason: string): void {
    this.#live = undefined;
    const error = fail("SG_COMPUTE_HOST_LOST", `Model host "${old.host.id}" was given up: ${reason}`, {
      details: { pool: this.#options.pool, reason: "ejected" },
    });
    this.#lastFailure = error;
    this.#note("ejected", old, reason);
    old.markLost(error);
    void this.#end(old, true);
  }

  async #retire(old: LiveHost): Promise<void> {
    old.isLeaving = true;
    await old.idle();
    await this.#end(old, false);
  }

  #discard(next: LiveHost): void {
    this.#note("idle", next, "the host it should replace answers again");
    void this.#retire(next);
    this.#options.changed();
  }

  async #end(live: LiveHost, force: boolean): Promise<void> {
    if (!this.#hosts.delete(live)) return;
    try {
      await live.host.close({ force });
    } catch {
      // It has ended in its own way.
    }
    live.models.forget();
  }

  /** A host without models is ended after a while: that gives back all of its memory. */
  #watchIdle(host: ModelHost, isEmpty: boolean): void {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const live = this.#live;
    if (!isEmpty || live?.host !== host) return;
    this.#cancelIdle = this.#options.idleClock.timer(this.#options.idleHostMs, () => {
      if (this.#live !== live || live.running > 0 || live.models.count > 0) return;
      this.#live = undefined;
      this.#note("idle", live);
      void this.#retire(live);
      this.#options.changed();
    });
  }

  #noteFailure(error: unknown): void {
    this.#lastFailure = isStargateError(error)
      ? error
      : fail("SG_COMPUTE_HOST_LOST", "A model host did not come up", { cause: error });
    this.#options.note({
      kind: "host",
      what: "failed",
      slot: this.index,
      reason: this.#lastFailure.message,
    });
  }

  #note(what: PoolHostEvent["what"], live: LiveHost, reason?: string, ms?: number): void {
    const { id, processId } = live.host;
    this.#options.note({ kind: "host", what, slot: this.index, host: id, processId, reason, ms });
  }
}
