import { scopedCompute } from "../../compute/scoped-compute.ts";
import type { Compute } from "../../contract/compute-backend.ts";
import type { ModelUse } from "../../contract/compute-plane.ts";
import type { CoverageReport } from "../../contract/coverage.ts";
import type { AnyModality } from "../../contract/modality.ts";
import type { Offload } from "../../contract/offload.ts";
import type {
  GatedFetch,
  IssueReport,
  Log,
  MeterLine,
  RunContext,
  Rung,
  Scratch,
  StateHandle,
} from "../../contract/run-context.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import { fail } from "../../errors/catalog.ts";
import type { JsonObject } from "../../util/json.ts";
import type { RunState } from "../run-state.ts";
import type { Scope } from "../edge/scope.ts";
import { AttemptState } from "../checkpoint/state.ts";
import { computeScope } from "./compute-scope.ts";
import type { StepRecord } from "./step-record.ts";

export interface AttemptInit {
  readonly run: RunState;
  readonly scope: Scope;
  readonly record: StepRecord;
  readonly transform: AnyTransform;
  readonly options: unknown;
  readonly rung: Rung;
  /** Measured input the transform reports on by default. */
  readonly measured: AnyModality | undefined;
  /** "item 7" inside a map. */
  readonly item: string | undefined;
  /** Signal of this attempt alone (hedged or with a deadline of its own); the scope's otherwise. */
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs: number;
}

/**
 * One attempt of a transform, as the transform sees it: its run context. What it reports is kept here and only
 * counts when the attempt succeeds. Members are getters that make their function on access: a transform that uses
 * none of them pays for none, and one that takes them apart (`run(input, { coverage, signal })`) may.
 */
export class Attempt implements RunContext {
  readonly rung: Rung;
  readonly options: unknown;
  readonly deadline: number;
  readonly #init: AttemptInit;
  #state: AttemptState | undefined;
  #issues: IssueReport[] | undefined;
  #degradations: { readonly what: string; readonly reason: string }[] | undefined;
  #facts: Record<string, JsonObject[string]> | undefined;
  #models: ModelUse[] | undefined;
  #live = false;
  /** The last report on each measure. */
  reports: Map<string, CoverageReport> | undefined;

  constructor(init: AttemptInit) {
    this.#init = init;
    this.rung = init.rung;
    this.options = init.options;
    this.deadline = init.deadlineMs;
  }

  get signal(): AbortSignal {
    return this.#init.signal ?? this.#init.scope.signal;
  }

  get tenant(): string {
    return this.#init.run.tenant;
  }

  get scratch(): Scratch {
    return this.#init.run.scratch;
  }

  get state(): StateHandle<unknown> {
    return this.#ownState();
  }

  get remainingMs() {
    return (): number => this.deadline - this.#init.run.host.clock.nowMs();
  }

  get compute(): Compute {
    const { run, record } = this.#init;
    return scopedCompute({
      plane: run.host.compute,
      scope: computeScope(run, record, this.deadline),
      signal: this.signal,
      onUse: (use) => {
        record.models.add(use); // spent, even when the attempt fails afterwards
        (this.#models ??= []).push(use);
        if (use.degradation !== undefined) this.degrade(use.degradation);
      },
    });
  }

  get offload(): Offload {
    return (task, input, options) =>
      this.#init.run.host.offload(task, input, { ...options, signal: options?.signal ?? this.signal });
  }

  get fetch(): GatedFetch {
    return (input, init) => {
      const { transform, run } = this.#init;
      if (!transform.network)
        return Promise.reject(
          fail(
            "SG_FETCH_DENIED",
            `${transform.id}@${transform.version} uses ctx.fetch and declares no network access`,
            { hint: "Set `network: true` in the transform's definition." },
          ),
        );
      return run.host.fetch(input, { ...init, signal: init?.signal ?? this.signal });
    };
  }

  get log(): Log {
    const { run, record } = this.#init;
    const at = (level: keyof Log) => (message: string, fields?: JsonObject) =>
      run.host.log[level](message, { run: run.id, step: record.path, ...fields });
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }

  get secrets() {
    return { get: (name: string): string | undefined => this.#init.run.host.secret(this.tenant, name) };
  }

  get coverage() {
    return (report: CoverageReport): void => {
      const measure = report.measure ?? this.#init.measured?.measure;
      if (measure === undefined) {
        throw fail(
          "SG_COVERAGE_MISSING",
          `Step "${this.#init.record.path}" reports coverage without a measure, and its inputs have none or several`,
          { hint: "Pass `measure` to ctx.coverage." },
        );
      }
      (this.reports ??= new Map()).set(measure, report);
    };
  }

  get progress() {
    return (done: number, of?: number): void => {
      const { run, record, measured } = this.#init;
      if (run.listened)
        run.emit({ type: "progress", step: record.path, done, of: of ?? null, measure: measured?.measure ?? "item" });
    };
  }

  get emit() {
    return (name: string, data: unknown): void => {
      if (this.#init.run.listened) this.#init.run.emit({ type: "emit", step: this.#init.record.path, name, data });
    };
  }

  get meter() {
    return (line: MeterLine): void => this.#init.run.addMeter(this.#init.record.path, line); // spent, even when the attempt fails
  }

  get issue() {
    return (report: IssueReport): void => {
      (this.#issues ??= []).push(report);
      if (this.#live) this.commit();
    };
  }

  get degrade() {
    return (note: { readonly what: string; readonly reason: string }): void => {
      if (this.#init.record.policy.degrade === "never")
        throw fail(
          "SG_DEGRADE_REFUSED",
          `Step "${this.#init.record.path}" would go on with ${note.what} (${note.reason}), and the policy forbids degradation`,
        );
      (this.#degradations ??= []).push(note);
      if (this.#live) this.commit();
    };
  }

  get disclose() {
    return (facts: JsonObject): void => void Object.assign((this.#facts ??= {}), facts);
  }

  /** Less than the best was done, so far. */
  get degraded(): boolean {
    return this.#degradations !== undefined || this.rung !== this.#init.transform.ladder[0];
  }

  /** What it has reported and not yet committed. */
  get reported(): {
    readonly models: readonly ModelUse[];
    readonly issues: readonly IssueReport[];
    readonly facts: JsonObject;
  } {
    return { models: this.#models ?? [], issues: this.#issues ?? [], facts: this.#facts ?? {} };
  }

  /** The attempt has begun to read a stream: what it does to its state holds at once. */
  beganReading(): void {
    if (this.#init.transform.state !== undefined) this.#ownState().writeThrough();
    this.goLive();
  }

  /** The attempt cannot be repeated any more (it has taken or given an item): what it reports counts at once. */
  goLive(): void {
    this.commit();
    this.#live = true;
  }

  #ownState(): AttemptState {
    return (this.#state ??= new AttemptState(
      this.#init.record.path,
      this.#init.transform,
      this.#init.run.state,
      this.#init.scope,
    ));
  }

  /** What the attempt has reported so far counts: it has succeeded, or cannot be repeated. */
  commit(): void {
    const { run, record, item } = this.#init;
    this.#state?.commit();
    if (this.#facts !== undefined) record.facts = { ...record.facts, ...this.#facts };
    const [degradations, issues] = [this.#degradations, this.#issues];
    this.#degradations = undefined;
    this.#issues = undefined;
    for (const { what, reason } of degradations ?? []) run.addDegradation({ step: record.path, what, reason });
    for (const { code, message, hint, item: part } of issues ?? []) {
      run.addIssue({
        step: record.path,
        code,
        message,
        ...(hint !== undefined && { hint }),
        ...((part ?? item) !== undefined && { item: part ?? item }),
      });
    }
  }
}
