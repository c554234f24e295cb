import type { Coverage } from "../contract/coverage.ts";
import type { Host } from "../contract/host.ts";
import type { Payload } from "../contract/payload.ts";
import type { Policy } from "../contract/policy.ts";
import type { Degradation, Issue } from "../contract/receipt.ts";
import type { MeterLine, Scratch } from "../contract/run-context.ts";
import type { CompiledGraph, CompiledStep } from "../graph/compiled-graph.ts";
import type { EdgeLimits } from "./edge/channel.ts";
import type { EdgeStore } from "./edge/edge-store.ts";
import { policyOfStep } from "./step/step-policy.ts";
import type { RunEvent } from "./runner.ts";
import type { Scope } from "./edge/scope.ts";
import type { StateStore } from "./checkpoint/state.ts";
import { StepRecord } from "./step/step-record.ts";

/** Issues itemised in a receipt; further ones are only told as events and counted. */
const MAX_ISSUES = 1000;
/** A run that never waits for anything outside gives way to the event loop this often. */
const BREATHE_AFTER_MS = 20;

export interface RunStateInit {
  readonly host: Host;
  readonly graph: CompiledGraph;
  readonly policy: Policy;
  readonly tenant: string;
  readonly scope: Scope;
  readonly state: StateStore;
  readonly edges: EdgeStore;
  readonly edgeLimits: EdgeLimits;
  readonly checkpointed: boolean;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  readonly issues?: readonly Issue[] | undefined;
  readonly planned?: boolean | undefined;
  readonly scratch?: Scratch | undefined;
}

/** Everything the processes of one run share. */
export class RunState {
  readonly id: string;
  readonly host: Host;
  readonly graph: CompiledGraph;
  readonly policy: Policy;
  readonly tenant: string;
  readonly scope: Scope;
  readonly state: StateStore;
  readonly edges: EdgeStore;
  readonly edgeLimits: EdgeLimits;
  readonly startedAtMs: number;
  readonly startedEpochMs: number;
  /** On the host's monotonic clock; Infinity without a deadline. */
  readonly deadlineMs: number;
  readonly digestBlob: ((blob: Blob) => Promise<string>) | undefined;
  /** The run can be resumed: everything has to happen in the order of the input. */
  readonly checkpointed: boolean;
  /** Single inputs that no step has read yet. */
  readonly unread = new Set<Payload>();
  /** What came in by each stream input. */
  readonly streamed = new Map<string, Coverage>();
  readonly issues: Issue[];
  /** The graph is a plan the gate made, not a named pipeline. */
  readonly planned: boolean;
  readonly degradations: Degradation[] = [];
  issuesLeftOut = 0;
  readonly #onEvent: ((event: RunEvent) => void) | undefined;
  readonly #records = new Map<CompiledStep, StepRecord>();
  readonly #meter = new Map<string, { readonly step: string; readonly unit: string; quantity: number }>();
  readonly #givenScratch: Scratch | undefined;
  #scratch: ReturnType<Host["openScratch"]> | undefined;
  #breathedAtMs: number;

  constructor({
    host,
    graph,
    policy,
    tenant,
    scope,
    state,
    edges,
    edgeLimits,
    checkpointed,
    onEvent,
    issues = [],
    planned = false,
    scratch,
  }: RunStateInit) {
    this.#givenScratch = scratch;
    this.issues = [...issues];
    this.planned = planned;
    this.id = host.randomId();
    this.host = host;
    this.graph = graph;
    this.policy = policy;
    this.tenant = tenant;
    this.scope = scope;
    this.state = state;
    this.edges = edges;
    this.edgeLimits = edgeLimits;
    this.startedAtMs = host.clock.nowMs();
    this.startedEpochMs = host.clock.epochMs();
    this.deadlineMs = policy.deadlineMs === undefined ? Infinity : this.startedAtMs + policy.deadlineMs;
    this.digestBlob = host.digestBlob?.bind(host);
    this.checkpointed = checkpointed;
    this.#onEvent = onEvent;
    this.#breathedAtMs = this.startedAtMs;
  }

  get scratch(): Scratch {
    if (this.#givenScratch !== undefined) return this.#givenScratch;
    this.#scratch ??= this.host.openScratch({ runId: this.id, tenant: this.tenant, signal: this.scope.signal });
    return this.#scratch.scratch;
  }

  get listened(): boolean {
    return this.#onEvent !== undefined;
  }

  /** Tells the listener. A listener that throws has a bug of its own; it does not stop the run. */
  emit(event: RunEvent): void {
    try {
      this.#onEvent?.(event);
    } catch (error) {
      this.host.log.warn("A listener of run events threw", { run: this.id, error: String(error) });
    }
  }

  record(step: CompiledStep): StepRecord {
    let record = this.#records.get(step);
    if (record === undefined)
      this.#records.set(step, (record = new StepRecord(step, policyOfStep(this.policy, step.path))));
    return record;
  }

  /** Record of a step that something has happened in. */
  recordIfAny(step: CompiledStep): StepRecord | undefined {
    return this.#records.get(step);
  }

  /** Paths of the steps working now. */
  stepsInFlight(): readonly string[] {
    return [...this.#records.values()].filter((record) => record.inFlight > 0).map((record) => record.path);
  }

  addIssue(issue: Issue): void {
    if (this.issues.length < MAX_ISSUES) this.issues.push(issue);
    else this.issuesLeftOut += 1;
    this.emit({ type: "issue", issue });
  }

  /** The same degradation of many items is announced once. */
  addDegradation(degradation: Degradation): void {
    const known = this.degradations.some(
      ({ step, what, reason }) =>
        step === degradation.step && what === degradation.what && reason === degradation.reason,
    );
    if (known) return;
    this.degradations.push(degradation);
    this.emit({ type: "degradation", degradation });
  }

  addMeter(step: string, { unit, quantity }: MeterLine): void {
    const key = `${step}\n${unit}`;
    const line = this.#meter.get(key);
    if (line === undefined) this.#meter.set(key, { step, unit, quantity });
    else line.quantity += quantity;
  }

  meterLines(): { step: string; unit: string; quantity: number }[] {
    return [...this.#meter.values()];
  }

  /**
   * Gives way to the event loop when the run has not done so for a while: a chain of promises alone would
   * keep timers, sockets and cancellation waiting.
   */
  breathe(): Promise<void> | undefined {
    const { clock } = this.host;
    if (clock.nowMs() - this.#breathedAtMs < BREATHE_AFTER_MS) return undefined;
    return new Promise<void>((resolve) => {
      clock.timer(0, () => {
        this.#breathedAtMs = clock.nowMs();
        resolve();
      });
    });
  }

  async closeScratch(): Promise<void> {
    try {
      await this.#scratch?.close();
    } catch (error) {
      this.host.log.error("The run's temporary place could not be removed", { run: this.id, error: String(error) });
    }
  }
}
