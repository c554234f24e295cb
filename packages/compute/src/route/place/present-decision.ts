import { column } from "../score/decision-table.ts";
import { expectedTime } from "../score/score-arms.ts";
import { p95Of } from "../score/total-time.ts";
import type { MadeDecision } from "../record/made-decision.ts";
import type { Arm } from "../types/arm.ts";
import type { Candidate, Decision, Placement, Prediction, Refusal, Refused } from "../types/decision.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { refusalText } from "./rule-out.ts";
import { worthWarming } from "./warm-up.ts";

/** What the caller sees of a decision. What it may never look at is made when it does. */
export function presentDecision(made: MadeDecision): Decision {
  const refusal = explainRefusal(made);
  return refusal === undefined ? new PresentedPlacement(made) : new PresentedRefusal(made, refusal);
}

class Presented {
  readonly id: string;
  readonly snapshotVersion: number;
  readonly warmUp: Arm | undefined;
  protected readonly made: MadeDecision;
  #candidates: readonly Candidate[] | undefined;

  constructor(made: MadeDecision) {
    this.id = made.id;
    this.snapshotVersion = made.snapshotVersion;
    this.warmUp = worthWarming(made);
    this.made = made;
  }

  get candidates(): readonly Candidate[] {
    return (this.#candidates ??= this.made.arms.map((arm, index) => candidateOf(this.made, arm, index)));
  }
}

class PresentedPlacement extends Presented implements Placement {
  readonly arm: Arm;
  readonly explored: boolean;

  constructor(made: MadeDecision) {
    super(made);
    this.arm = made.arms[made.choice.arm] as Arm; // a choice is one of the arms
    this.explored = made.choice.explored;
  }

  get propensity(): number {
    return this.made.table.get(this.made.choice.arm, column.propensity);
  }

  get predicted(): Prediction {
    return predict(this.made, this.made.choice.arm);
  }
}

class PresentedRefusal extends Presented implements Refused {
  readonly refusal: Refusal;

  constructor(made: MadeDecision, refusal: Refusal) {
    super(made);
    this.refusal = refusal;
  }
}

function predict({ table }: MadeDecision, arm: number): Prediction {
  return {
    waitMs: table.get(arm, column.waitMs),
    serviceMs: Math.exp(table.get(arm, column.serviceLogMean) + table.get(arm, column.serviceLogVariance) / 2),
    coldMs: table.get(arm, column.coldMs),
    p95Ms: p95Of(expectedTime(table, arm)),
    usd: table.get(arm, column.usd),
    joules: table.get(arm, column.joules),
    quality: table.get(arm, column.quality),
    onTimeProbability: table.get(arm, column.onTime),
  };
}

function candidateOf(made: MadeDecision, arm: Arm, index: number): Candidate {
  const { table, choice, request } = made;
  const reason = table.refusals[index];
  const { waitMs, serviceMs, coldMs, usd, joules, quality, onTimeProbability } = predict(made, index);
  return {
    arm: arm.id,
    pool: arm.pool,
    ...(reason === undefined ? {} : { refused: { reason, text: refusalText(reason, request, arm, { quality, usd }) } }),
    score: reason === undefined ? table.get(index, column.score) : Number.NaN,
    waitMs,
    serviceMs,
    coldMs,
    usd,
    joules,
    quality,
    failureProbability: table.get(index, column.failureProbability),
    onTimeProbability,
    propensity: choice.arm < 0 || reason !== undefined ? 0 : table.get(index, column.propensity),
  };
}
