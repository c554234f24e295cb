import type { AnyModality } from "../../contract/modality.ts";
import { fail } from "../../errors/catalog.ts";
import type { StepRecord } from "./step-record.ts";

/** Checks what a transform returned. Throws SG_RUN_OUTPUT_INVALID naming the field. */
export function checkOutput(modality: AnyModality, value: unknown, record: StepRecord): void {
  const problem = problemOf(modality, value);
  if (problem !== undefined)
    throw fail(
      "SG_RUN_OUTPUT_INVALID",
      `Step "${record.path}" (${record.uses}) returned an invalid ${modality.id}: ${problem}`,
      { details: { step: record.path } },
    );
}

/** Checks what a caller gave. Throws SG_INPUT_INVALID naming the field. */
export function checkInput(modality: AnyModality, value: unknown, name: string): void {
  const problem = problemOf(modality, value);
  if (problem !== undefined)
    throw fail("SG_INPUT_INVALID", `Input "${name}" is not a valid ${modality.id}: ${problem}`);
}

function problemOf(modality: AnyModality, value: unknown): string | undefined {
  const parsed = modality.schema.safeParse(value);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  if (issue === undefined) return "it does not fit the schema";
  return issue.path.length === 0 ? issue.message : `${issue.path.map(String).join(".")}: ${issue.message}`;
}
