import { type Clock, isStargateError } from "@stargate/kernel";
import { ConsecutiveBreaker, ExponentialBackoff } from "cockatiel";

/** Consecutive faults after which a pool is left alone: Envoy's default for outlier detection. */
const CONSECUTIVE_FAULTS = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Leaves a pool alone after several faults in a row, then lets one call find out whether it works again. Counting and
 * pauses are cockatiel's; its own state machine is not used, because it measures pauses on the wall clock, and a
 * clock set back by an hour would keep a pool closed for that hour.
 */
export interface PoolBreaker {
  /** Whether a call may be sent there now. */
  readonly ready: boolean;
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
  | { readonly kind: "open"; readonly untilMs: number; readonly pauses: Pauses }
  | { readonly kind: "probing"; readonly pauses: Pauses };

type Pauses = ReturnType<ExponentialBackoff<unknown>["next"]>;

/** A closed breaker. */
export function createPoolBreaker(clock: Pick<Clock, "nowMs">): PoolBreaker {
  const faults = new ConsecutiveBreaker(CONSECUTIVE_FAULTS);
  const firstPause = new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS });
  let state: State = { kind: "closed" };

  const open = (pauses: Pauses): void => {
    state = { kind: "open", untilMs: clock.nowMs() + pauses.duration, pauses };
  };
  const failed = (): void => {
    if (state.kind === "probing") open(state.pauses.next(undefined));
    else if (state.kind === "closed" && faults.failure()) open(firstPause.next());
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
    get pauseMs() {
      return pauseMs();
    },
    begin() {
      if (state.kind === "open" && pauseMs() === 0) state = { kind: "probing", pauses: state.pauses };
      return (error) => {
        if (error === undefined) succeeded();
        else if (isPlaceFault(error)) failed();
        else if (state.kind !== "probing") return;
        else if (isInconclusive(error)) state = { kind: "open", untilMs: clock.nowMs(), pauses: state.pauses };
        else succeeded(); // an answer that is the caller's fault is an answer
      };
    },
  };
}
