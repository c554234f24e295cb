import type { Payload } from "../../contract/payload.ts";
import { Absence } from "../edge/absence.ts";
import { Cell } from "../edge/cell.ts";
import type { Channel } from "../edge/channel.ts";
import { InFlight } from "./in-flight.ts";
import type { Outlet } from "../edge/outlet.ts";
import { Process } from "../edge/process.ts";
import { runProcess } from "../edge/run-process.ts";
import { Scope } from "../edge/scope.ts";
import type { Inlet, Launch } from "./start-body.ts";
import { stepError } from "./step-error.ts";
import type { StepRecord } from "./step-record.ts";
import { forgetStreams } from "../checkpoint/forget-streams.ts";
import { giveAbsence, inStructuralStep, valueOfInlet, type StepOf } from "./structural-step.ts";

const DEFAULT_CONCURRENCY = 4;

type MapLaunch = Launch<StepOf<"map">>;

/**
 * Processes of a map: one reads items and starts a body for each, as many at a time as the step allows (one while
 * the body holds state), the other emits the results in order.
 */
export async function runMapStep(launch: MapLaunch): Promise<void> {
  const { run, process, step, inlets } = launch;
  const [over] = inlets as readonly [Channel]; // the compiler of graphs has checked that `over` is a stream
  const extras = new Map<string, Inlet>();
  for (const [index, { name }] of launch.plan.feeds.entries()) {
    if (index === 0) continue;
    const value = await valueOfInlet(launch, index);
    if (value instanceof Absence) return giveAbsence(launch, value);
    extras.set(name, inlets[index] as Cell);
  }
  const out = launch.out as Outlet; // a map makes a stream
  const emitter = new Process(step.path, process.scope);
  out.writer = emitter;
  const { concurrency = DEFAULT_CONCURRENCY, order = "input" } = step.spec;
  const inFlight = new InFlight(
    process,
    emitter,
    step.body.stateful ? 1 : concurrency,
    run.checkpointed ? "input" : order,
  );
  void runProcess(emitter, () => emitResults(inFlight, over, out));
  if (process.scope.oneOfMany) forgetStreams(run, step.body);
  await inStructuralStep(launch, (record) => startItems({ launch, record, over, extras, inFlight }));
}

interface MapRun {
  readonly launch: MapLaunch;
  readonly record: StepRecord;
  readonly over: Channel;
  readonly extras: ReadonlyMap<string, Inlet>;
  readonly inFlight: InFlight;
}

async function startItems(map: MapRun): Promise<void> {
  const { launch, record, over, inFlight } = map;
  const { run, process, out } = launch;
  let index = 0;
  if (!process.scope.oneOfMany) {
    const stored = run.state.workingSet(record.path);
    if (typeof stored === "number") index = stored;
    run.state.attach(record.path, { snapshot: () => index });
  }
  while (await inFlight.slot()) {
    const item = await over.read(process);
    if (item instanceof Absence) {
      (out as Outlet).finish(item);
      break;
    }
    if (item === "ended") break;
    startItem(map, item, `item ${index}`);
    index += 1;
    const pause = run.breathe();
    if (pause !== undefined) await pause;
  }
  inFlight.finish();
  if (!over.exhausted)
    record.coverage.add({
      measure: "item",
      done: 0,
      of: null,
      missing: [{ what: `items after the first ${index}`, reason: "nobody read the results" }],
    });
}

function startItem({ launch, record, extras, inFlight }: MapRun, item: Payload, label: string): void {
  const { run, process, step, startBody } = launch;
  process.throwIfEnded();
  const { modality } = launch.plan.feeds[0] as Launch["plan"]["feeds"][number]; // `over`
  const amount = modality.measure === "none" ? undefined : modality.measureOf(item.value);
  const [measure, of] = amount === undefined ? ["item", 1] : [modality.measure, amount];
  const ticket = inFlight.start();
  const [inputName = ""] = step.body.inputs.keys();
  const input = new Cell(process);
  input.set(item);
  const target = new Cell(process);
  const soft = step.spec.soft === true;
  const scope = new Scope(process.scope.quiescence, {
    parent: process.scope,
    isolated: soft,
    item: label,
    oneOfMany: true,
  });
  const what = scope.item ?? label;
  scope.onSettled = () => {
    if (process.scope.failure !== undefined) return;
    const { failure } = scope;
    const result = target.value;
    if (failure === undefined && !(result instanceof Absence)) {
      record.coverage.add({ measure, done: of, of });
      return inFlight.settle(ticket, result);
    }
    scope.rollBack();
    const error = stepError(failure?.error ?? (result as Absence).error, record);
    record.coverage.add({ measure, done: 0, of, missing: [{ what, reason: `${error.code}: ${error.message}` }] });
    if (failure !== undefined) {
      // An absent result comes from a soft step, which has itemised it already.
      record.failures += 1;
      run.addIssue({
        step: failure.step ?? record.path,
        code: error.code,
        message: error.message,
        hint: error.hint,
        item: what,
      });
    }
    inFlight.settle(ticket, undefined);
  };
  startBody({ run, scope, body: step.body, inputs: new Map<string, Inlet>([[inputName, input], ...extras]), target });
}

async function emitResults(inFlight: InFlight, over: Channel, out: Outlet): Promise<void> {
  for (let result = await inFlight.next(); result !== undefined; result = await inFlight.next()) {
    const wanted = result.payload === undefined || (await out.write(result.payload));
    inFlight.emitted();
    if (!wanted && !inFlight.stopped) {
      inFlight.stop();
      over.close();
    }
  }
  out.finish("ended");
}
