import { column } from "../score/decision-table.ts";
import { expectedTime } from "../score/score-arms.ts";
import { TOO_CROWDED, TOO_LATE } from "../score/choose-arm.ts";
import type { MadeDecision } from "../record/made-decision.ts";
import type { Refusal, RefusalReason } from "../types/decision.ts";
import { refusalText } from "./rule-out.ts";

/** Pools that are out for a moment only. */
const PASSING: readonly RefusalReason[] = ["breaker", "ejected", "closed", "excluded"];
const USUAL_RETRY_MS = 1000;

/** Why a decision has no arm, with the reason of every arm and what would work; undefined when it has one. */
export function explainRefusal(made: MadeDecision): Refusal | undefined {
  if (made.choice.arm >= 0) return undefined;
  if (made.choice.arm === TOO_CROWDED) return tooCrowded(made);
  return made.choice.arm === TOO_LATE ? tooLate(made) : ruledOut(made);
}

function tooLate({ table, request, terms }: MadeDecision): Refusal {
  let idleMs = Number.POSITIVE_INFINITY;
  let nowMs = Number.POSITIVE_INFINITY;
  for (let arm = 0; arm < table.arms; arm++) {
    if (!table.isAllowed(arm)) continue;
    const { meanMs } = expectedTime(table, arm);
    nowMs = Math.min(nowMs, meanMs);
    idleMs = Math.min(idleMs, meanMs - table.get(arm, column.waitMs));
  }
  const left = Math.round(request.remainingMs);
  if (request.remainingMs <= 0)
    return { code: "SG_RUN_DEADLINE", message: "The deadline had passed before a place was chosen" };
  if (idleMs > request.remainingMs)
    // What is left of the time, not what the caller gave: sent again it may find more.
    return {
      code: "SG_RUN_DEADLINE",
      message: `No pool can answer within ${left} ms: even an idle one needs about ${Math.ceil(idleMs)} ms`,
    };
  return {
    code: "SG_COMPUTE_OVERLOADED",
    message: `No pool can answer within ${left} ms now: the fastest would need about ${Math.ceil(nowMs)} ms, at least ${Math.round(terms.admission * 100)} % certainty is asked for`,
    retryAfterMs: Math.max(1, Math.ceil(nowMs - request.remainingMs)),
  };
}

function tooCrowded({ table }: MadeDecision): Refusal {
  let waitMs = Number.POSITIVE_INFINITY;
  for (let arm = 0; arm < table.arms; arm++) {
    if (table.isAllowed(arm)) waitMs = Math.min(waitMs, table.get(arm, column.waitMs));
  }
  return {
    code: "SG_COMPUTE_OVERLOADED",
    message: `Every pool has a queue of at least ${Math.ceil(waitMs)} ms, and this call would make more others late than it is worth`,
    retryAfterMs: Math.max(1, Math.ceil(waitMs)),
  };
}

function ruledOut({ arms, request, table }: MadeDecision): Refusal {
  if (arms.length === 0) return { code: "SG_COMPUTE_PLACEMENT", message: "No pool can load any variant of this model" };
  const passing = table.refusals.some((reason) => reason !== undefined && PASSING.includes(reason));
  const reasons = arms.map((arm, index) => {
    const known = { quality: table.get(index, column.quality), usd: table.get(index, column.usd) };
    return `${arm.id}: ${refusalText(table.refusals[index] ?? "deadline", request, arm, known)}`;
  });
  const message = `No pool may run this. ${[...new Set(reasons)].join("; ")}`;
  return passing
    ? { code: "SG_COMPUTE_OVERLOADED", message, retryAfterMs: USUAL_RETRY_MS }
    : { code: "SG_COMPUTE_PLACEMENT", message };
}
