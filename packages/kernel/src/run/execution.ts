import type { Host } from "../contract/host.ts";
import type { Payload } from "../contract/payload.ts";
import type { Receipt } from "../contract/receipt.ts";
import { fail } from "../errors/catalog.ts";
import { isStargateError, type StargateError } from "../errors/stargate-error.ts";
import { Cell } from "./cell.ts";
import { edgeLimits } from "./channel.ts";
import { launchStep } from "./launch-step.ts";
import { mergePolicies } from "./merge-policies.ts";
import { Outlet } from "./outlet.ts";
import { prepareInputs, type PreparedInput } from "./prepare-inputs.ts";
import { Process } from "./process.ts";
import { pumpInput } from "./pump-input.ts";
import { Quiescence } from "./quiescence.ts";
import { makeReceipt } from "./receipt.ts";
import { runProcess } from "./run-process.ts";
import { RunState } from "./run-state.ts";
import type { RunRequest } from "./runner.ts";
import { Scope } from "./scope.ts";
import { createStartBody, type Inlet, type Target } from "./start-body.ts";
import { StateStore } from "./state.ts";

const startBody = createStartBody(launchStep);

/** One run from its start to its receipt. `run` and `stream` differ only in how they take the output. */
export class Execution {
  readonly run: RunState;
  /** Whoever takes the output. */
  readonly consumer: Process;
  /** Where the output comes out. */
  readonly output: Inlet;
  /** Items of the output handed out so far. */
  itemsYielded = 0;
  readonly #inputs: readonly PreparedInput[];
  readonly #release: (() => void)[] = [];
  readonly #settled: Promise<void>;

  /** Starts the run. Throws SG_INPUT_INVALID. */
  constructor(host: Host, request: RunRequest) {
    const { graph, signal, onEvent, tenant = "default", issues, planned } = request;
    this.#inputs = prepareInputs(graph, request.inputs);
    const quiescence = new Quiescence();
    const scope = new Scope(quiescence);
    this.run = new RunState({
      host,
      graph,
      policy: mergePolicies(graph.policy, request.policy),
      tenant,
      scope,
      state: new StateStore(),
      onEvent,
      issues,
      planned,
    });
    this.consumer = new Process("output", scope);
    this.#settled = new Promise((resolve) => {
      scope.onSettled = resolve;
    });
    quiescence.onQuiescent = () => this.#stalled();
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
    await this.run.closeScratch();
    if (this.error !== undefined) throw this.error;
    const inputs = new Map(
      this.#inputs.map((input) => [input.name, input.kind === "value" ? input.payload : undefined]),
    );
    return makeReceipt(this.run, { inputs, output: output() });
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
        inlets.set(input.name, cell);
      } else {
        const process = new Process(`input ${input.name}`, scope);
        const outlet = new Outlet(input.modality, process, edgeLimits);
        inlets.set(input.name, outlet);
        pumps.push(
          () =>
            void runProcess(process, () =>
              pumpInput({ run, name: input.name, modality: input.modality, items: input.items, outlet }),
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

  /** Every process waits for another one, and cycles through full edges have been resolved: a defect of the runner. */
  #stalled(): void {
    this.run.scope.fail({ error: fail("SG_RUN_STALLED", "Every process of the run waits for another one") });
  }
}
