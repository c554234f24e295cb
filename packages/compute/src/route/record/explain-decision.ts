import type { DecisionRecord } from "./decision-record.ts";
import { replayDecision } from "./replay-decision.ts";

type ArmRecord = DecisionRecord["arms"][number];

/** A decision in words, one line each: what was asked, what was chosen and why, every other arm, and that it replays. */
export function explainDecision(record: DecisionRecord): readonly string[] {
  const { request, terms } = record;
  const weights = Object.entries(terms.weights)
    .filter(([, weight]) => weight > 0)
    .map(([name, weight]) => `${name} ${percent(weight)}`);
  const deadline = terms.remainingMs === null ? "no deadline" : `${ms(terms.remainingMs)} left`;
  const chosen = record.choice === null ? undefined : record.arms[record.choice];
  const others = record.arms.filter((arm) => arm !== chosen).toSorted((a, b) => (b.score ?? -1e9) - (a.score ?? -1e9));
  const { differences } = replayDecision(record);
  return [
    `Decision ${record.id} at ${record.at}, from snapshot ${record.snapshotVersion}`,
    `Asked: ${request.bucket}, ${round(request.items)} items, ${deadline}, ${request.criticality}, for tenant "${request.tenant}"`,
    `Wanted: ${weights.join(", ")}; an answer in time counts ${round(terms.deadlineValue)}`,
    chosen === undefined
      ? `Refused (${record.refusal?.code ?? "unknown"}): ${record.refusal?.message ?? ""}`
      : `Chosen: ${chosen.arm}, ${why(record, chosen)}`,
    ...(chosen === undefined ? [] : [`  ${outlook(chosen)}`]),
    ...others.map((arm) => `Not ${arm.arm}: ${whyNot(record, arm, chosen)}`),
    differences.length === 0
      ? "Replayed from the record: the same, bit by bit"
      : `Replayed from the record: DIFFERENT (${differences.join("; ")})`,
  ];
}

function why(record: DecisionRecord, chosen: ArmRecord): string {
  if (record.explored) return `to learn about it (probability ${percent(chosen.propensity)})`;
  const better = record.arms.filter((arm) => (arm.score ?? Number.NEGATIVE_INFINITY) > (chosen.score ?? 0)).length;
  const share = `probability ${percent(chosen.propensity)}`;
  return better === 0 ? `the best score (${share})` : `as good as the best, drawn among equals (${share})`;
}

function whyNot(record: DecisionRecord, arm: ArmRecord, chosen: ArmRecord | undefined): string {
  if (arm.refused !== null) return arm.refused.text;
  const late = (arm.onTimeProbability ?? 0) < record.terms.admission ? "unlikely to be in time; " : "";
  const behind =
    chosen === undefined ? "" : `score ${round((arm.score ?? 0) - (chosen.score ?? 0))} against the chosen; `;
  return `${late}${behind}${outlook(arm)}`;
}

function outlook({ features, onTimeProbability }: ArmRecord): string {
  if (features === null) return "";
  const serviceMs = Math.exp(features.serviceLogMean + features.serviceLogVariance / 2);
  const cold = features.coldMs > 0 ? [`loading ${ms(features.coldMs)}`] : [];
  return [
    `wait ${ms(features.waitMs)}`,
    ...cold,
    `service ${ms(serviceMs)}`,
    `in time ${percent(onTimeProbability ?? 0)}`,
    `failure ${percent(features.failureProbability)}`,
    `quality ${round(features.quality)}`,
    `${features.usd.toPrecision(2)} USD`,
    `${round(features.joules)} J`,
  ].join(", ");
}

function ms(value: number): string {
  return `${value < 10 ? round(value) : Math.round(value)} ms`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
