import type { PoolContext } from "./pool-context.ts";
import type { PoolTelemetry } from "./pool.ts";
import { backlogMs } from "./queue/admission.ts";

/** What one slot of a pool is doing. */
export interface SlotStatus {
  readonly slot: number;
  /** "stuck": its host does not answer, and another is being started; "paused": its host ended too often. */
  readonly state: "empty" | "starting" | "up" | "stuck" | "paused";
  readonly host?: string | undefined;
  readonly processId?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** Runs and loads under way. */
  readonly running: number;
  /** Runs since the host started. */
  readonly runs: number;
  /** "id/variant" of the models that are loaded. */
  readonly models: readonly string[];
  readonly pausedUntilMs?: number | undefined;
  /** Why the last host ended. */
  readonly lastFailure?: string | undefined;
}

/** Pauses shorter than this are waited for by those who are queued. */
const SHORT_PAUSE_MS = 1000;

/** Hosts that end one after the other without an answer before callers do not wait for the next one any more. */
const MOST_IN_VAIN = 3;

/** What the router sees. */
export function poolTelemetry(context: PoolContext): PoolTelemetry {
  const { slots, settings, queue } = context;
  const open = slots.filter(({ pausedUntilMs }) => pausedUntilMs === undefined).length;
  return {
    atMs: settings.clock.nowMs(),
    slots: open * settings.runsPerHost,
    busySlots: slots.reduce((sum, { live }) => sum + (live?.running ?? 0), 0),
    queuedJobs: queue.count,
    backlogMs: backlogMs(context),
    closedUntilMs: closedUntilMs(context),
  };
}

/** Until when nothing can run because every slot rests for long; undefined: something can. */
function closedUntilMs({ slots, settings }: PoolContext): number | undefined {
  const untilMs = slots.reduce((earliest, { pausedUntilMs = 0 }) => Math.min(earliest, pausedUntilMs), Infinity);
  return untilMs - settings.clock.nowMs() > SHORT_PAUSE_MS ? untilMs : undefined;
}

/** Until when calls are refused at once: the pool is closed, or its hosts end without an answer as soon as they are up. */
export function refusedUntilMs(context: PoolContext): number | undefined {
  const isHopeless = context.hostsInVain >= MOST_IN_VAIN && context.slots.every(({ live }) => live === undefined);
  return closedUntilMs(context) ?? (isHopeless ? context.settings.clock.nowMs() + SHORT_PAUSE_MS : undefined);
}

/** What an operator sees. */
export function slotStatuses({ slots }: PoolContext): readonly SlotStatus[] {
  return slots.map(({ index, live, isStarting, pausedUntilMs, lastFailure }) => ({
    slot: index,
    state:
      live !== undefined
        ? live.isStuck
          ? "stuck"
          : "up"
        : isStarting
          ? "starting"
          : pausedUntilMs === undefined
            ? "empty"
            : "paused",
    running: live?.running ?? 0,
    runs: live?.runs ?? 0,
    models: (live?.located ?? []).map(({ spec, variant }) => `${spec.id}/${variant.name}`),
    host: live?.host.id,
    processId: live?.host.processId,
    memoryBytes: live?.host.memoryBytes,
    pausedUntilMs,
    lastFailure: lastFailure?.message,
  }));
}
