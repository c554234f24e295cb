import type { StepReceipt } from "../../contract/receipt.ts";
import type { CompiledStep } from "../../graph/compiled-graph.ts";
import type { JsonObject } from "../../util/json.ts";
import { CoverageSum } from "./coverage-sum.ts";
import { ModelUses } from "./model-uses.ts";
import type { StepPolicy } from "./step-policy.ts";

/** What is known of one step during a run: its policy, and the sums that become its part of the receipt. */
export class StepRecord {
  readonly step: CompiledStep;
  readonly path: string;
  /** "ocr.read@1.0.0", or the kind of a structural step. */
  readonly uses: string;
  readonly policy: StepPolicy;
  invocations = 0;
  attempts = 0;
  failures = 0;
  /** Invocations answered from kept results. */
  cached = 0;
  ms = 0;
  /** Invocations going on now. */
  inFlight = 0;
  /** Index of the lowest rung used. */
  lowestRung = 0;
  /** Rungs above this one have said in this run that they are not available here. */
  firstRung = 0;
  readonly models = new ModelUses();
  facts: JsonObject | undefined;
  readonly coverage = new CoverageSum();
  #parentLineage: readonly string[] | undefined;
  #lineage: readonly string[] = [];

  constructor(step: CompiledStep, policy: StepPolicy) {
    this.step = step;
    this.path = step.path;
    this.uses = step.kind === "transform" ? `${step.transform.id}@${step.transform.version}` : step.kind;
    this.policy = policy;
  }

  /** Lineage of what this step makes of `parent`. Items of a stream share one array. */
  lineageAfter(parent: readonly string[]): readonly string[] {
    if (parent !== this.#parentLineage) {
      this.#parentLineage = parent;
      this.#lineage = Object.freeze([...parent, this.uses]);
    }
    return this.#lineage;
  }

  toReceipt(): StepReceipt {
    const ladder = this.step.kind === "transform" ? this.step.transform.ladder : [];
    const models = this.models.toReceipt();
    const rung = ladder.length > 1 ? ladder[this.lowestRung]?.name : undefined;
    return {
      id: this.path,
      uses: this.uses,
      ...(rung !== undefined && { rung }),
      ...(models !== undefined && { models }),
      invocations: this.invocations,
      attempts: this.attempts,
      failures: this.failures,
      ms: this.ms,
      cached: this.cached,
      coverage: this.coverage.toCoverage(),
      facts: { ...this.facts } as StepReceipt["facts"], // JSON objects both; the schema's type has no undefined members
    };
  }
}
