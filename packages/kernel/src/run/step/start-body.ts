import type { CompiledBody, CompiledStep } from "../../graph/compiled-graph.ts";
import type { Wire } from "../../graph/graph.ts";
import { planBody, type StepPlan } from "./body-plan.ts";
import { Cell } from "../edge/cell.ts";
import type { Channel } from "../edge/channel.ts";
import { Outlet } from "../edge/outlet.ts";
import { Process } from "../edge/process.ts";
import { runProcess } from "../edge/run-process.ts";
import type { RunState } from "../run-state.ts";
import type { Scope } from "../edge/scope.ts";

/** Where a step reads: a single value or one reader's queue of a stream. */
export type Inlet = Cell | Channel;

/** Where a step writes. */
export type Target = Cell | Outlet;

/** Everything a step's process needs. */
export interface Launch<S extends CompiledStep = CompiledStep> {
  readonly run: RunState;
  readonly process: Process;
  readonly step: S;
  readonly plan: StepPlan;
  /** In the order of the plan's feeds. */
  readonly inlets: readonly Inlet[];
  readonly out: Target;
  readonly startBody: StartBody;
}

export interface BodyStart {
  readonly run: RunState;
  readonly scope: Scope;
  readonly body: CompiledBody;
  /** An outlet is a stream nobody reads yet: the steps of the body connect to it directly. */
  readonly inputs: ReadonlyMap<string, Inlet | Outlet>;
  /** Receives the body's output. */
  readonly target: Target;
}

export type StartBody = (start: BodyStart) => void;

export type LaunchStep = (launch: Launch) => Promise<void>;

/**
 * Makes the function that wires a body up and starts its processes: one per step, in topological order. Single-valued
 * wires become cells, stream wires become outlets with one queue per reader; wires that come in from or lead out of
 * the body are the outer ones themselves, so nesting adds no copying.
 */
export function createStartBody(launchStep: LaunchStep): StartBody {
  const startBody: StartBody = ({ run, scope, body, inputs, target }) => {
    const plan = planBody(body);
    const cells = new Map<Wire, Cell>();
    const outlets = new Map<Wire, Outlet>();
    const channels = new Map<Wire, Channel>();
    const starts: (() => void)[] = [];

    for (const [wire, inlet] of inputs) {
      if (inlet instanceof Cell) {
        cells.set(wire, inlet);
        if (body.output === wire) starts.push(forwardValue(scope, inlet, target));
        continue;
      }
      if (inlet instanceof Outlet) {
        outlets.set(wire, inlet);
        if (body.output === wire)
          starts.push(forwardStream(run, scope, (reader) => inlet.connect(reader), target).start);
        continue;
      }
      const readers = plan.inputReaders.get(wire) ?? 0;
      if (body.output !== wire && readers === 0) inlet.close();
      else if (body.output !== wire && readers === 1) channels.set(wire, inlet);
      else {
        const tee = forwardStream(run, scope, () => inlet, body.output === wire ? target : undefined);
        outlets.set(wire, tee.outlet);
        starts.push(tee.start);
      }
    }

    const processes = plan.steps.map(({ step }) => {
      const process = new Process(step.path, scope);
      const isOutput = step.spec.id === body.output;
      if (isOutput) target.writer = process;
      const out = isOutput
        ? target
        : step.output.many
          ? new Outlet(step.output.modality, process, run.edgeLimits)
          : new Cell(process);
      if (out instanceof Cell) cells.set(step.spec.id, out);
      else outlets.set(step.spec.id, out);
      return { process, out };
    });

    for (const [index, stepPlan] of plan.steps.entries()) {
      const { process, out } = processes[index] as (typeof processes)[number]; // one per step, made above
      const inlets = stepPlan.feeds.map(({ name, wire }): Inlet => {
        const cell = cells.get(wire);
        if (cell !== undefined) return cell;
        const outer = channels.get(wire);
        if (outer === undefined) {
          const channel = (outlets.get(wire) as Outlet).connect(process); // planBody knows every wire
          if (run.checkpointed && !scope.oneOfMany) run.edges.attach(`${process.name} ${name}`, channel);
          return channel;
        }
        outer.reader = process;
        return outer;
      });
      starts.push(
        () =>
          void runProcess(process, () =>
            launchStep({ run, process, step: stepPlan.step, plan: stepPlan, inlets, out, startBody }),
          ),
      );
    }
    for (const start of starts) start();
  };
  return startBody;
}

/** The body's output is one of its inputs. */
function forwardValue(scope: Scope, cell: Cell, target: Target): () => void {
  const process = new Process("output", scope);
  target.writer = process;
  return () =>
    void runProcess(process, async () => {
      const value = cell.value ?? (await cell.read(process));
      if (target instanceof Cell) target.set(value);
    });
}

/** Several readers in the body share one queue of the outer wire, or the body's output is that stream. */
function forwardStream(
  run: RunState,
  scope: Scope,
  connect: (reader: Process) => Channel,
  target: Target | undefined,
): { readonly outlet: Outlet; readonly start: () => void } {
  const process = new Process("tee", scope);
  const channel = connect(process);
  const outlet = target instanceof Outlet ? target : new Outlet(channel.outlet.modality, process, run.edgeLimits);
  outlet.writer = process;
  channel.reader = process;
  const copy = async (): Promise<void> => {
    for (;;) {
      const read = await channel.read(process);
      if (read === "ended" || !("value" in read)) return outlet.finish(read);
      if (!(await outlet.write(read))) return channel.close();
    }
  };
  return { outlet, start: () => void runProcess(process, copy) };
}
