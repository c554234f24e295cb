import { type Clock, isStargateError } from "@stargate/kernel";
import { ConsecutiveBreaker, ExponentialBackoff } from "cockatiel";

/** Consecutive faults after which a pool is left alone: Envoy's default for outlier detection. */
const CONSECUTIVE_FAULTS = 5;
const FIRST_PAUSE_MS = 500;
/** What works again is used again within five seconds. */
const LONGEST_PAUSE_MS = 4000;
/** Between two calls to a place that is left alone, when there is no other: enough to notice, too few to add to a storm. */
const LAST_RESORT_EVERY_MS = 100;

/**
 * Leaves a pool alone after several faults in a row, then lets one call find out whether it works again. Counting and
 * pauses are cockatiel's; its own state machine is not used, because it measures pauses on the wall clock, and a
 * clock set back by an hour would keep a pool closed for that hour.
 */
export interface PoolBreaker {
  /** Whether a call may be sent there now. */
  readonly ready: boolean;
  /** Whether a call may be sent there now if there is no other place: one at a time, ten a second. */
  readonly readyAsLast: boolean;
  /** Milliseconds until a call may be tried; 0 when it may now. */
  readonly pauseMs: number;
  /** A call is sent; returns how to tell its end. */
  begin(): (error?: unknown) => void;
}

/** Ends that say nothing about a place: the caller went, its time was over, or there was too much to do. */
const inconclusive: readonly string[] = ["SG_RUN_CANCELLED", "SG_RUN_DEADLINE", "SG_COMPUTE_OVERLOADED"];

function isInconclusive(error: unknown): boolean {
  return isStargateError(error) && inconclusive.includes(error.code);
}

/** Faults of the place, not of the caller or of the load: only these open a breaker and are worth another attempt. */
export function isPlaceFault(error: unknown): boolean {
  return isStargateError(error) && error.retryable && !isInconclusive(error);
}

type State =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly untilMs: number; readonly pauses: Pauses; readonly triedMs: number }
  /** One call is to find out. `untilMs`: when the pause is over that it was made in, as a last resort. */
  | { readonly kind: "probing"; readonly untilMs: number; readonly pauses: Pauses };

type Pauses = ReturnType<ExponentialBackoff<unknown>["next"]>;

/** A closed breaker. */
export function createPoolBreaker(clock: Pick<Clock, "nowMs">): PoolBreaker {
  const faults = new ConsecutiveBreaker(CONSECUTIVE_FAULTS);
  const firstPause = new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS });
  let state: State = { kind: "closed" };

  const open = (pauses: Pauses): void => {
    const nowMs = clock.nowMs();
    state = { kind: "open", untilMs: nowMs + pauses.duration, pauses, triedMs: nowMs };
  };
  const failed = (): void => {
    if (state.kind === "closed" && faults.failure()) open(firstPause.next());
    if (state.kind !== "probing") return;
    const { untilMs, pauses } = state;
    const nowMs = clock.nowMs();
    // A call that came early says nothing about whether the pause was too short.
    if (untilMs > nowMs) state = { kind: "open", untilMs, pauses, triedMs: nowMs };
    else open(pauses.next(undefined));
  };
  const succeeded = (): void => {
    faults.success();
    state = { kind: "closed" };
  };
  const pauseMs = (): number => (state.kind === "open" ? Math.max(0, state.untilMs - clock.nowMs()) : 0);

  return {
    get ready() {
      return state.kind !== "probing" && pauseMs() === 0;
    },
    get readyAsLast() {
      if (state.kind === "open") return pauseMs() === 0 || clock.nowMs() - state.triedMs >= LAST_RESORT_EVERY_MS;
      return state.kind === "closed";
    },
    get pauseMs() {
      return pauseMs();
    },
    begin() {
      if (state.kind === "open") state = { kind: "probing", untilMs: state.untilMs, pauses: state.pauses };
      return (error) => {
        if (error === undefined) succeeded();
        else if (isPlaceFault(error)) failed();
        else if (state.kind !== "probing") return;
        else if (isInconclusive(error)) {
          const { untilMs, pauses } = state;
          state = { kind: "open", untilMs, pauses, triedMs: -Infinity };
        } else succeeded(); // an answer that is the caller's fault is an answer
      };
    },
  };
}
