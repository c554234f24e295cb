import type { CompiledBody, CompiledStep } from "../../graph/compiled-graph.ts";
import { Absence } from "../edge/absence.ts";
import { Cell } from "../edge/cell.ts";
import { Channel } from "../edge/channel.ts";
import { Scope, type Failure, type ScopeOptions } from "../edge/scope.ts";
import type { Inlet, Launch, Target } from "./start-body.ts";
import { stepError } from "./step-error.ts";
import type { StepRecord } from "./step-record.ts";

/** Does the work of a structural step, with its times and events. */
export async function inStructuralStep(launch: Launch, work: (record: StepRecord) => Promise<void>): Promise<void> {
  const { run, process, step } = launch;
  const record = run.record(step);
  const startedAtMs = run.host.clock.nowMs();
  record.invocations += 1;
  record.attempts += 1;
  if (run.listened) run.emit({ type: "step-start", step: record.path });
  try {
    await work(record);
  } finally {
    const ms = run.host.clock.nowMs() - startedAtMs;
    record.ms += ms;
    if (run.listened) run.emit({ type: "step-end", step: record.path, ms, ok: process.scope.failure === undefined });
  }
}

/** Single-valued inlet of a structural step, or its absence. */
export async function valueOfInlet({ process, inlets }: Launch, index: number) {
  const cell = inlets[index] as Cell; // the compiler of graphs has checked that this feed is single-valued
  return cell.value ?? (await cell.read(process));
}

/** Inlets by the name of the body's input, from feed `first` on. */
export function bodyInputs({ plan, inlets }: Launch, first: number): Map<string, Inlet> {
  return new Map(plan.feeds.slice(first).map(({ name }, index) => [name, inlets[first + index] as Inlet])); // one inlet per feed
}

/** Runs a body inside a step and waits for its end. Returns the failure that an isolated scope kept to itself. */
export async function runNested(
  { run, process, startBody }: Launch,
  nested: {
    readonly body: CompiledBody;
    readonly inputs: ReadonlyMap<string, Inlet>;
    readonly target: Target;
    readonly scope: ScopeOptions;
  },
): Promise<Failure | undefined> {
  process.throwIfEnded();
  const scope = new Scope(process.scope.quiescence, { ...nested.scope, parent: process.scope });
  startBody({ run, scope, body: nested.body, inputs: nested.inputs, target: nested.target });
  await scope.whenSettled(process);
  return scope.failure;
}

/** A soft structural step failed: itemised, its inputs are left, and its output is absent, or ends where it was. */
export function failedSoftly(launch: Launch, { error: thrown, step = launch.step.path }: Failure): void {
  const { run, process } = launch;
  const record = run.record(launch.step);
  const error = stepError(thrown, record);
  const { item } = process.scope;
  record.failures += 1;
  run.addIssue({
    step,
    code: error.code,
    message: error.message,
    hint: error.hint,
    ...(item !== undefined && { item }),
  });
  giveAbsence(launch, new Absence(error), "ended");
}

/** The step's inputs are left, and nothing comes out of it. */
export function giveAbsence({ inlets, out }: Launch, absence: Absence, streamEnd: "ended" | Absence = absence): void {
  for (const inlet of inlets) if (inlet instanceof Channel) inlet.close();
  if (out instanceof Cell) out.set(absence);
  else out.finish(streamEnd);
}

/** A compiled step of one kind. */
export type StepOf<Kind extends CompiledStep["kind"]> = Extract<CompiledStep, { readonly kind: Kind }>;
