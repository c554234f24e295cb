import type { Coverage, CoverageReport } from "../../contract/coverage.ts";
import type { CompiledTransformStep } from "../../graph/compiled-graph.ts";
import { fail } from "../../errors/catalog.ts";
import { coverageRatio } from "./coverage-sum.ts";
import type { RunState } from "../run-state.ts";
import type { StepRecord } from "./step-record.ts";
import { StreamReader } from "../edge/stream-reader.ts";
import type { TransformInput } from "./transform-inputs.ts";

/**
 * Coverage of a successful invocation. Throws SG_COVERAGE_MISSING when a transform that reports itself has not,
 * SG_COVERAGE_INVALID for a report that cannot be true, SG_COVERAGE_TOO_LOW below the step's own completeness.
 */
export function addCoverage(
  run: RunState,
  record: StepRecord,
  step: CompiledTransformStep,
  inputs: readonly TransformInput[],
  reports: ReadonlyMap<string, CoverageReport> | undefined,
): void {
  const entries =
    step.transform.coverage === "whole" ? inputs.flatMap(wholeInput) : reportedInputs(record, inputs, reports);
  const { completeness } = record.policy;
  const low = completeness === undefined ? undefined : entries.find((entry) => coverageRatio(entry) < completeness);
  if (low !== undefined && completeness !== undefined) throw coverageTooLow(low, completeness, `Step "${record.path}"`);
  for (const entry of entries) record.coverage.add(entry);
  for (const { from } of inputs) if (!(from instanceof StreamReader)) run.unread.delete(from);
}

/** Coverage of an invocation that failed or was skipped: nothing of what it was given went into the answer. */
export function addMissing(
  run: RunState,
  record: StepRecord,
  inputs: readonly TransformInput[],
  gap: { readonly what: string; readonly reason: string },
): void {
  for (const input of inputs) {
    const [entry] = wholeInput(input);
    if (!(input.from instanceof StreamReader)) run.unread.delete(input.from);
    if (entry !== undefined) record.coverage.add({ ...entry, done: 0, missing: [gap] });
  }
}

/** The error of a run or step that read less than its policy asks for. */
export function coverageTooLow(entry: Coverage, completeness: number, who: string): Error {
  const total = entry.of === null ? "an unknown number" : String(entry.of);
  return fail(
    "SG_COVERAGE_TOO_LOW",
    `${who} read ${entry.done} of ${total} (${entry.measure}), less than the completeness ${completeness} the policy asks for`,
    {
      details: {
        measure: entry.measure,
        done: entry.done,
        of: entry.of,
        completeness,
        missing: (entry.missing ?? []).map(({ what, reason }) => ({ what, reason })),
      },
    },
  );
}

/**
 * An input that was read whole, in its measure. An amount nobody knows is counted as one item: "1 of 1 item" is
 * true, "0 of unknown pages" would read as nothing.
 */
function wholeInput({ modality, from }: TransformInput): Coverage[] {
  if (from instanceof StreamReader) {
    const known = modality.measure !== "none" && from.measured !== undefined;
    const [measure, done] = known ? [modality.measure, from.measured ?? 0] : ["item", from.items];
    return [
      from.ended
        ? { measure, done, of: done }
        : {
            measure,
            done,
            of: null,
            missing: [{ what: `items after the first ${from.items}`, reason: "the step stopped reading" }],
          },
    ];
  }
  if (modality.measure === "none") return [];
  const amount = modality.measureOf(from.value);
  return [
    amount === undefined
      ? { measure: "item", done: 1, of: 1 }
      : { measure: modality.measure, done: amount, of: amount },
  ];
}

function reportedInputs(
  record: StepRecord,
  inputs: readonly TransformInput[],
  reports: ReadonlyMap<string, CoverageReport> | undefined,
): Coverage[] {
  for (const { modality } of inputs) {
    if (modality.measure === "none" || reports?.has(modality.measure) === true) continue;
    throw fail(
      "SG_COVERAGE_MISSING",
      `Step "${record.path}" (${record.uses}) succeeded without saying how much of its ${modality.id} it read (measure "${modality.measure}")`,
      { details: { step: record.path } },
    );
  }
  return [...(reports ?? [])].map(([measure, { done, of, missing }]) => {
    const believable = done >= 0 && Number.isFinite(done) && (of === null || (of >= done && Number.isFinite(of)));
    if (!believable)
      throw fail(
        "SG_COVERAGE_INVALID",
        `Step "${record.path}" (${record.uses}) reports ${done} of ${String(of)} (${measure})`,
        { details: { step: record.path } },
      );
    return { measure, done, of, ...(missing !== undefined && missing.length > 0 && { missing }) };
  });
}
