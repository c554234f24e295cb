import type { Host } from "../contract/host.ts";
import type { Payload } from "../contract/payload.ts";
import type { Receipt } from "../contract/receipt.ts";
import { fail } from "../errors/catalog.ts";
import { isStargateError, type StargateError } from "../errors/stargate-error.ts";
import { withIssues } from "../errors/with-issues.ts";
import { Barrier } from "./checkpoint/barrier.ts";
import { Cell } from "./edge/cell.ts";
import { defaultEdgeLimits, type EdgeLimits } from "./edge/channel.ts";
import type { Checkpoint } from "./checkpoint/checkpoint.ts";
import { checkResumable, restoredState } from "./checkpoint/checkpoint-support.ts";
import { EdgeStore } from "./edge/edge-store.ts";
import { launchStep } from "./step/launch-step.ts";
import { mergePolicies } from "../graph/merge-policies.ts";
import { Outlet } from "./edge/outlet.ts";
import { prepareInputs, type PreparedInput } from "./prepare-inputs.ts";
import { Process } from "./edge/process.ts";
import { pumpInput } from "./pump-input.ts";
import { Quiescence } from "./edge/quiescence.ts";
import { makeReceipt } from "./receipt.ts";
import { runProcess } from "./edge/run-process.ts";
import { RunState } from "./run-state.ts";
import type { RunRequest } from "./runner.ts";
import { Scope } from "./edge/scope.ts";
import { createStartBody, type Inlet, type Target } from "./step/start-body.ts";
import { StateStore } from "./checkpoint/state.ts";

const startBody = createStartBody(launchStep);

export interface ExecutionOptions {
  /** Where an earlier run of the same request has got to. */
  readonly stored?: Checkpoint | undefined;
  readonly edgeLimits?: EdgeLimits | undefined;
}

/** One run from its start to its receipt. `run` and `stream` differ only in how they take the output. */
export class Execution {
  readonly run: RunState;
  /** Whoever takes the output. */
  readonly consumer: Process;
  /** Where the output comes out. */
  readonly output: Inlet;
  /** Items of the output handed out so far, those of the runs before this one included. */
  itemsYielded: number;
  /** Index of the first item this run hands out. */
  readonly firstIndex: number;
  readonly #inputs: readonly PreparedInput[];
  readonly #release: (() => void)[] = [];
  readonly #settled: Promise<void>;

  readonly #barrier: Barrier | undefined;
  readonly #digests: boolean;
  readonly #taken: Record<string, number>;

  /** Starts the run, from a stored checkpoint if there is one. Throws SG_INPUT_INVALID, SG_RUN_CHECKPOINT_UNSUPPORTED, SG_STATE_INVALID. */
  constructor(host: Host, request: RunRequest, { stored, edgeLimits = defaultEdgeLimits }: ExecutionOptions = {}) {
    const { graph, signal, onEvent, tenant = "default", checkpoints, issues, planned, scratch } = request;
    if (checkpoints !== undefined) checkResumable(graph, stored);
    this.#inputs = prepareInputs(graph, request.inputs);
    this.#digests = request.digests === true;
    this.#taken = { ...stored?.inputs };
    this.itemsYielded = stored?.itemsYielded ?? 0;
    this.firstIndex = this.itemsYielded;
    const quiescence = new Quiescence();
    const scope = new Scope(quiescence);
    this.run = new RunState({
      host,
      graph,
      policy: mergePolicies(graph.policy, request.policy),
      tenant,
      scope,
      state: new StateStore(restoredState(graph, stored), stored?.ended),
      edges: new EdgeStore(stored?.edges),
      edgeLimits,
      checkpointed: checkpoints !== undefined,
      onEvent,
      issues,
      planned,
      scratch,
    });
    this.consumer = new Process("output", scope);
    this.#settled = new Promise((resolve) => {
      scope.onSettled = resolve;
    });
    if (checkpoints !== undefined)
      this.#barrier = new Barrier({
        checkpoints,
        snapshot: () => this.#snapshot(),
        onFailure: (error) => scope.fail({ error }),
      });
    quiescence.onQuiescent = () => this.#atRest();
    const target: Target = graph.outputPort.many
      ? new Outlet(graph.outputPort.modality, this.consumer, edgeLimits)
      : new Cell(this.consumer);
    this.output = target instanceof Cell ? target : target.connect(this.consumer);
    if (signal !== undefined) this.#listen(signal);
    this.#startDeadline();
    if (scope.failure === undefined) this.#start(target);
  }

  /** Ends the run because its caller does not want it any more. */
  cancel(message: string, cause?: unknown): void {
    this.run.scope.fail({ error: fail("SG_RUN_CANCELLED", message, { cause }) });
  }

  /** The error the run has failed with. */
  get error(): StargateError | undefined {
    const { failure } = this.run.scope;
    if (failure === undefined) return undefined;
    if (isStargateError(failure.error)) return failure.error;
    return fail("SG_RUN_FAILED", `The run failed in "${failure.step ?? "unknown"}": ${String(failure.error)}`, {
      cause: failure.error,
    });
  }

  /** Waits for the end of every process and gives the receipt. Throws the run's error, SG_COVERAGE_TOO_LOW. */
  async finish(output: () => Payload | undefined): Promise<Receipt> {
    await this.#settled;
    for (const release of this.#release) release();
    const closed = this.run.closeScratch();
    if (this.error !== undefined) throw withIssues(this.error, this.run.issues, this.run.issuesLeftOut); // at once: steps that ignore their signal may still hold on
    await closed;
    const inputs = new Map(
      this.#inputs.map((input) => [input.name, input.kind === "value" ? input.payload : undefined]),
    );
    const payload = output();
    if (this.#digests) await Promise.all([...inputs.values(), payload].map(async (part) => part?.digest()));
    return makeReceipt(this.run, { inputs, output: payload });
  }

  #start(target: Target): void {
    const { run } = this;
    const { scope } = run;
    const pumps: (() => void)[] = [];
    const inlets = new Map<string, Inlet | Outlet>();
    for (const input of this.#inputs) {
      if (input.kind === "value") {
        const cell = new Cell(this.consumer);
        cell.set(input.payload);
        run.unread.add(input.payload);
        inlets.set(input.name, cell);
      } else {
        const process = new Process(`input ${input.name}`, scope);
        const outlet = new Outlet(input.modality, process, run.edgeLimits);
        inlets.set(input.name, outlet);
        const { name } = input;
        const onTaken = (items: number): void => {
          this.#taken[name] = items;
          this.#barrier?.itemTaken();
        };
        pumps.push(
          () =>
            void runProcess(process, () =>
              pumpInput({
                run,
                name,
                modality: input.modality,
                items: input.items,
                outlet,
                skipItems: this.#taken[name] ?? 0,
                barrier: this.#barrier,
                onTaken,
              }),
            ),
        );
      }
    }
    startBody({ run, scope, body: run.graph, inputs: inlets, target });
    for (const pump of pumps) pump();
  }

  #listen(signal: AbortSignal): void {
    const onAbort = (): void => this.cancel("The caller cancelled the run", signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort);
    this.#release.push(() => signal.removeEventListener("abort", onAbort));
  }

  #startDeadline(): void {
    const { deadlineMs } = this.run.policy;
    if (deadlineMs === undefined) return;
    const expire = (): void => {
      const steps = this.run.stepsInFlight();
      const where = steps.length === 0 ? "" : `; working on ${steps.map((step) => `"${step}"`).join(", ")}`;
      this.run.scope.fail({
        error: fail("SG_RUN_DEADLINE", `The run did not finish within ${deadlineMs} ms${where}`, {
          details: { deadlineMs, steps },
        }),
      });
    };
    this.#release.push(this.run.host.clock.timer(deadlineMs, expire));
  }

  /** State of the run at a moment when nothing moves. */
  #snapshot(): Checkpoint {
    const itemsTaken = Object.values(this.#taken).reduce((total, items) => total + items, 0);
    return {
      itemsTaken,
      inputs: { ...this.#taken },
      itemsYielded: this.itemsYielded,
      state: this.run.state.snapshot(),
      edges: this.run.edges.snapshot(),
      ended: this.run.state.ended,
      planHash: this.run.graph.planHash,
    };
  }

  /**
   * Every process waits for another one. That is what a due checkpoint needs; without one, and with cycles through
   * full edges resolved, it is a defect of the runner, told rather than hung on.
   */
  #atRest(): void {
    if (this.#barrier?.pending === true && this.run.scope.quiescence.makeRoom()) return;
    if (this.#barrier?.onQuiescent() === true || this.#barrier?.waitsOutside === true) return;
    this.run.scope.fail({ error: fail("SG_RUN_STALLED", "Every process of the run waits for another one") });
  }
}
