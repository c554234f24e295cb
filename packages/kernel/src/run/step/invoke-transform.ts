import type { Rung } from "../../contract/run-context.ts";
import { fail } from "../../errors/catalog.ts";
import type { StargateError } from "../../errors/stargate-error.ts";
import type { CompiledTransformStep } from "../../graph/compiled-graph.ts";
import { Attempt } from "./attempt.ts";
import { computeScope } from "./compute-scope.ts";
import { limitedAttempt } from "./limited-attempt.ts";
import type { Process } from "../edge/process.ts";
import type { RunState } from "../run-state.ts";
import { stepError } from "./step-error.ts";
import type { StepRecord } from "./step-record.ts";
import { StreamReader } from "../edge/stream-reader.ts";
import { inputArgument, inputDescriptor, type TransformInput } from "./transform-inputs.ts";

export interface Invocation {
  readonly run: RunState;
  readonly process: Process;
  readonly step: CompiledTransformStep;
  readonly record: StepRecord;
  readonly inputs: readonly TransformInput[];
}

/** What came of the attempt that succeeded. */
export interface Tried<T> {
  readonly attempt: Attempt;
  readonly result: T;
}

/** Makes of what `run` returned what counts as success of an attempt: the value, or the opened output stream. */
export type Complete<T> = (returned: unknown) => T | Promise<T>;

/**
 * Invokes a transform down its ladder, best rung first: a rung that is not available here, or that keeps failing with
 * retryable errors, gives way to the next, and that is announced as a degradation. An attempt that has read from a
 * stream is not repeated. Throws what the last attempt threw, SG_DEGRADE_REFUSED, SG_RUN_RESTRICTED.
 */
export async function invokeTransform<T>(invocation: Invocation, complete: Complete<T>): Promise<Tried<T>> {
  const { run, process, record, step } = invocation;
  const { ladder } = step.transform;
  process.throwIfEnded();
  checkRestrictions(invocation);
  for (let index = firstRung(invocation); ; index++) {
    const rung = ladder[index] as Rung; // the ladder is not empty, and the last rung returns or throws
    const outcome = await tryRung(invocation, rung, complete);
    if ("attempt" in outcome) {
      record.lowestRung = Math.max(record.lowestRung, index);
      return outcome;
    }
    const { error, final } = outcome;
    const next = ladder[index + 1];
    if (final || next === undefined) throw error;
    if (record.policy.degrade === "never")
      throw fail(
        "SG_DEGRADE_REFUSED",
        `Step "${record.path}" cannot run on "${rung.name}" (${error.message}), and the policy forbids "${next.name}"`,
        { cause: error },
      );
    if (error.code === "SG_RUNG_UNAVAILABLE") record.firstRung = index + 1;
    run.addDegradation({ step: record.path, what: next.name, reason: error.message });
  }
}

/**
 * Where to begin: the best rung that is available here, or a lower one when the compute plane says that the better ones
 * cannot answer in time. That is announced.
 */
function firstRung({ run, record, step }: Invocation): number {
  const { ladder } = step.transform;
  const { chooseRung } = run.host.compute;
  const last = ladder.length - 1;
  if (chooseRung === undefined || record.firstRung >= last || record.policy.degrade === "never")
    return record.firstRung;
  const rungs = ladder.slice(record.firstRung);
  const choice = chooseRung({ ...computeScope(run, record, run.deadlineMs), rungs });
  if (choice === undefined || choice.index <= 0) return record.firstRung;
  const index = Math.min(record.firstRung + choice.index, last);
  run.addDegradation({ step: record.path, what: (ladder[index] as Rung).name, reason: choice.reason });
  return index;
}

interface Failed {
  readonly error: StargateError;
  /** No lower rung may be tried. */
  readonly final: boolean;
}

/** Attempts on one rung, with retries after a pause. */
async function tryRung<T>(invocation: Invocation, rung: Rung, complete: Complete<T>): Promise<Tried<T> | Failed> {
  const { run, process, record } = invocation;
  const { attempts = 1, backoffMs = 50, maxBackoffMs = 5000 } = record.policy.retry ?? {};
  for (let number = 1; ; number++) {
    try {
      record.attempts += 1;
      const tried = await tryOnce(invocation, rung, complete);
      process.throwIfEnded();
      return tried;
    } catch (thrown) {
      process.throwIfEnded();
      const error = stepError(thrown, record);
      if (error.code === "SG_RUNG_UNAVAILABLE") return { error, final: hasRead(invocation) };
      if (!error.retryable || error.code === "SG_DEGRADE_REFUSED" || hasRead(invocation)) return { error, final: true };
      if (number >= attempts) return { error, final: false };
      // Full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015): retries of many items do not come in waves.
      await pause(run, process, Math.random() * Math.min(maxBackoffMs, backoffMs * 2 ** (number - 1)));
    }
  }
}

async function tryOnce<T>(invocation: Invocation, rung: Rung, complete: Complete<T>): Promise<Tried<T>> {
  const { run, process, record, inputs } = invocation;
  const { deadlineMs, hedge } = record.policy;
  // Two attempts cannot share one stream, nor one state.
  const hedgeAfterMs =
    invocation.step.transform.state === undefined && !inputs.some(({ from }) => from instanceof StreamReader)
      ? hedge?.afterMs
      : undefined;
  if (deadlineMs === undefined && hedgeAfterMs === undefined)
    return attemptOnce(invocation, rung, complete, undefined, run.deadlineMs);
  const untilMs = Math.min(run.deadlineMs, deadlineMs === undefined ? Infinity : run.host.clock.nowMs() + deadlineMs);
  const onStart = (abort: (reason: unknown) => void): void =>
    void (process.onAbandon = () => abort(process.scope.failure?.error));
  return limitedAttempt(run, record, (signal) => attemptOnce(invocation, rung, complete, signal, untilMs), {
    deadlineMs,
    hedgeAfterMs,
    onStart,
  });
}

async function attemptOnce<T>(
  { run, process, step, record, inputs }: Invocation,
  rung: Rung,
  complete: Complete<T>,
  signal: AbortSignal | undefined,
  deadlineMs: number,
): Promise<Tried<T>> {
  const { scope } = process;
  const measured = inputs.filter((input) => input.modality.measure !== "none");
  const attempt = new Attempt({
    run,
    scope,
    record,
    transform: step.transform,
    options: step.options,
    rung,
    measured: measured.length === 1 ? measured[0]?.modality : undefined,
    item: scope.item,
    signal,
    deadlineMs,
  });
  for (const { from } of inputs) if (from instanceof StreamReader) from.onBegin = () => attempt.beganReading();
  for (const { note } of restrictionsThatHold(step, inputs, "soft"))
    attempt.degrade({ what: note, reason: "restriction of the transform" });
  // The compiler of graphs has checked that the inputs fit the ports; their types are lost in AnyTransform.
  const returned: unknown = step.transform.run(inputArgument(step, inputs) as never, attempt);
  const completed = complete(isPromise(returned) ? await returned : returned);
  return { attempt, result: isPromise(completed) ? await completed : completed };
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function hasRead({ inputs }: Invocation): boolean {
  return inputs.some(({ from }) => from instanceof StreamReader && from.items > 0);
}

function checkRestrictions({ step, record, inputs }: Invocation): void {
  const [hard] = restrictionsThatHold(step, inputs, "hard");
  if (hard !== undefined)
    throw fail("SG_RUN_RESTRICTED", `Step "${record.path}" (${record.uses}) cannot handle this input: ${hard.note}`, {
      hint: hard.note,
      details: { step: record.path },
    });
}

function restrictionsThatHold(
  { transform, options }: CompiledTransformStep,
  inputs: readonly TransformInput[],
  kind: "soft" | "hard",
) {
  if (transform.restrictions.length === 0) return [];
  const descriptor = inputDescriptor(inputs);
  return transform.restrictions.filter(
    (restriction) => restriction.kind === kind && restriction.when(descriptor, options),
  );
}

async function pause(run: RunState, process: Process, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = run.host.clock.timer(ms, resolve);
    process.onAbandon = () => {
      cancel();
      resolve();
    };
  });
  process.onAbandon = undefined;
  process.throwIfEnded();
}
