import type { AnyModality } from "../../contract/modality.ts";
import { isStargateError } from "../../errors/stargate-error.ts";
import type { CompiledTransformStep } from "../../graph/compiled-graph.ts";
import { Absence } from "../edge/absence.ts";
import { Cell } from "../edge/cell.ts";
import { Channel } from "../edge/channel.ts";
import { checkOutput } from "./check-value.ts";
import { createPayload } from "../create-payload.ts";
import { invokeTransform, type Invocation, type Tried } from "./invoke-transform.ts";
import { identify, keepingOf, type Keeping, keepResult, keptResult, replayedAttempt } from "./kept-result.ts";
import { openOutput, pumpOutput } from "./pump-output.ts";
import { Outlet } from "../edge/outlet.ts";
import type { Launch } from "./start-body.ts";
import { stepError } from "./step-error.ts";
import type { StepRecord } from "./step-record.ts";
import { StreamReader } from "../edge/stream-reader.ts";
import { addCoverage, addMissing } from "./transform-coverage.ts";
import { absenceAmong, closeReaders, inheritedFacts, type TransformInput } from "./transform-inputs.ts";

/** Process of a step that runs a transform: waits for its single-valued inputs, invokes it once, passes on what it gives. */
export async function runTransformStep(launch: Launch<CompiledTransformStep>): Promise<void> {
  const { run, process, step, out } = launch;
  const record = run.record(step);
  const { inputs, absence } = await resolveInputs(launch);
  if (absence !== undefined) return skip(launch, record, inputs, absence);
  const lasting =
    run.checkpointed && !process.scope.oneOfMany && inputs.some(({ from }) => from instanceof StreamReader);
  if (out instanceof Outlet && lasting && run.state.hasEnded(record.path)) {
    closeReaders(inputs);
    return out.finish("ended");
  }
  const invocation: Invocation = { run, process, step, record, inputs };
  const startedAtMs = run.host.clock.nowMs();
  let succeeded = false;
  record.invocations += 1;
  record.inFlight += 1;
  if (run.listened) run.emit({ type: "step-start", step: record.path });
  try {
    if (out instanceof Cell) await giveValue(invocation, out);
    else await pumpOutput(invocation, await invokeTransform(invocation, openOutput(invocation)), out);
    succeeded = true;
    if (out instanceof Outlet && lasting) run.state.markEnded(record.path);
  } catch (thrown) {
    if (process.scope.failure !== undefined) return;
    const absent = absenceAmong(inputs);
    if (absent === undefined) failed(launch, record, inputs, thrown);
    else skip(launch, record, inputs, absent);
  } finally {
    const ms = run.host.clock.nowMs() - startedAtMs;
    record.inFlight -= 1;
    record.ms += ms;
    closeReaders(inputs);
    if (run.listened) run.emit({ type: "step-end", step: record.path, ms, ok: succeeded });
  }
}

async function giveValue(invocation: Invocation, out: Cell): Promise<void> {
  const { run, record, step, inputs } = invocation;
  const modality: AnyModality = step.output.modality;
  const keepable = keepingOf(invocation);
  const keeping = keepable && (await keepable);
  const { attempt, result } =
    (keeping && (await recall(invocation, keeping))) ?? (await makeValue(invocation, keeping));
  const absent = absenceAmong(inputs);
  if (absent !== undefined) throw absent.error;
  closeReaders(inputs);
  addCoverage(run, record, step, inputs, attempt.reports);
  const sound = !attempt.degraded; // what is made of a degraded result must not pass for what is made of a good one
  attempt.commit();
  const facts = inheritedFacts(inputs);
  const payload = createPayload(modality, result, {
    ...facts,
    lineage: record.lineageAfter(facts.lineage),
    digestBlob: run.digestBlob,
  });
  if (keeping !== undefined && sound) identify(payload, keeping);
  out.set(payload);
}

async function makeValue(invocation: Invocation, keeping: Keeping | undefined): Promise<Tried<unknown>> {
  const { record, step } = invocation;
  const tried = await invokeTransform<unknown>(invocation, (value) => {
    checkOutput(step.output.modality, value, record);
    return value;
  });
  if (keeping !== undefined) keepResult(keeping, invocation, tried.attempt, tried.result);
  return tried;
}

/** The result of an earlier invocation on the same input, if it was kept. */
async function recall(invocation: Invocation, keeping: Keeping): Promise<Tried<unknown> | undefined> {
  const kept = await keptResult(keeping, invocation);
  invocation.process.throwIfEnded();
  if (kept === undefined) return undefined;
  invocation.record.cached += 1;
  return { attempt: replayedAttempt(invocation, kept), result: kept.value };
}

/** Single-valued inputs are awaited before the transform starts; streams are read by the transform itself. */
async function resolveInputs({
  process,
  plan,
  inlets,
}: Launch): Promise<{ readonly inputs: TransformInput[]; readonly absence: Absence | undefined }> {
  const inputs: TransformInput[] = [];
  let absence: Absence | undefined;
  for (const [index, { name, modality }] of plan.feeds.entries()) {
    const inlet = inlets[index];
    if (inlet instanceof Channel)
      inputs.push({ port: name, modality, from: new StreamReader(modality, inlet, process) });
    else if (inlet !== undefined) {
      const value = inlet.value ?? (await inlet.read(process));
      if (value instanceof Absence) absence ??= value;
      else inputs.push({ port: name, modality, from: value });
    }
  }
  return { inputs, absence };
}

/** The step itself failed: softly, or with the whole body. */
function failed(
  launch: Launch<CompiledTransformStep>,
  record: StepRecord,
  inputs: readonly TransformInput[],
  thrown: unknown,
): void {
  const { run, process, step, out } = launch;
  const error = stepError(thrown, record);
  const { item } = process.scope;
  record.failures += 1;
  addMissing(run, record, inputs, { what: item ?? "the whole input", reason: `${error.code}: ${error.message}` });
  if (step.spec.soft !== true) return process.scope.fail({ error, step: record.path });
  run.addIssue({
    step: record.path,
    code: error.code,
    message: error.message,
    hint: error.hint,
    ...(item !== undefined && { item }),
  });
  if (out instanceof Cell) out.set(standIn(launch) ?? new Absence(error));
  else out.finish("ended");
}

/** An input will never come. */
function skip(
  launch: Launch<CompiledTransformStep>,
  record: StepRecord,
  inputs: readonly TransformInput[],
  absence: Absence,
): void {
  const { run, process, out } = launch;
  const because = isStargateError(absence.error)
    ? `${absence.error.code}: ${absence.error.message}`
    : String(absence.error);
  closeReaders(inputs);
  addMissing(run, record, inputs, {
    what: process.scope.item ?? "the whole input",
    reason: `skipped, because an input failed with ${because}`,
  });
  if (out instanceof Cell) out.set(standIn(launch) ?? absence);
  else out.finish(absence);
}

/** The `orElse` value of a soft step as a payload. Throws SG_RUN_OUTPUT_INVALID when it does not fit the output. */
function standIn({ run, step }: Launch<CompiledTransformStep>) {
  const { soft, orElse } = step.spec;
  if (soft !== true || orElse === undefined) return undefined;
  checkOutput(step.output.modality, orElse, run.record(step));
  return createPayload(step.output.modality, orElse, { digestBlob: run.digestBlob });
}
