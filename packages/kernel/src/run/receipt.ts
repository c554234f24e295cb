import type { Coverage } from "../contract/coverage.ts";
import type { Payload } from "../contract/payload.ts";
import type { Receipt } from "../contract/receipt.ts";
import type { CompiledBody, CompiledStep } from "../graph/compiled-graph.ts";
import { portText } from "../graph/port-text.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import type { Json } from "../util/json.ts";
import { coverageRatio, weakestCoverage } from "./step/coverage-sum.ts";
import { knownDigest } from "./create-payload.ts";
import type { RunState } from "./run-state.ts";
import { coverageTooLow } from "./step/transform-coverage.ts";

/** Canonical JSON (RFC 8785) of a receipt: equal receipts give equal bytes, to be hashed, signed, and verified offline. */
export function receiptJson(receipt: Receipt): string {
  return canonicalJson(receipt as Json); // every member is JSON; the schema's optional members may be absent
}

/** Digests of inputs and output where somebody asked for them, by name. */
export interface ReceiptParts {
  /** Payloads of single inputs; nothing for streams. */
  readonly inputs: ReadonlyMap<string, Payload | undefined>;
  readonly output: Payload | undefined;
}

/** Writes the receipt of a run that succeeded. Throws SG_COVERAGE_TOO_LOW. */
export function makeReceipt(run: RunState, { inputs, output }: ReceiptParts): Receipt {
  const { graph, host } = run;
  const steps = stepsOf(graph).flatMap((step) => run.recordIfAny(step)?.toReceipt() ?? []);
  const counted = steps.flatMap((step) => step.coverage);
  const coverage = weakestCoverage([...counted, ...uncountedInputs(run, { inputs, output }, counted)]);
  const { completeness } = run.policy;
  const low = completeness === undefined ? undefined : coverage.find((entry) => coverageRatio(entry) < completeness);
  if (low !== undefined && completeness !== undefined) throw coverageTooLow(low, completeness, "The run");
  const left = run.issuesLeftOut;
  return {
    stargate: 1,
    id: run.id,
    tenant: run.tenant,
    pipeline: run.planned ? null : graph.graph.name,
    planHash: graph.planHash,
    startedAt: new Date(run.startedEpochMs).toISOString(),
    ms: host.clock.nowMs() - run.startedAtMs,
    input: Object.fromEntries(
      [...graph.inputs].map(([name, port]) => [name, { modality: portText(port), ...inputFacts(inputs.get(name)) }]),
    ),
    output: { modality: portText(graph.outputPort), ...digestFact(output) },
    steps,
    coverage,
    degradations: [...run.degradations],
    issues:
      left > 0
        ? [
            ...run.issues,
            { step: "", code: "SG_RUN_ISSUES_LEFT_OUT", message: `${left} further issues are not itemised` },
          ]
        : [...run.issues],
    meter: run.meterLines(),
  };
}

/**
 * Inputs no step has counted: what is itself the output went through whole, a stream as far as it was taken, and what
 * nothing read did not go into the answer. So no receipt is silent about a measured input.
 */
function uncountedInputs(run: RunState, { inputs, output }: ReceiptParts, counted: readonly Coverage[]): Coverage[] {
  return [...run.graph.inputs].flatMap(([name, { modality, many }]): readonly Coverage[] => {
    if (modality.measure === "none") return [];
    if (many) {
      const streamed = run.streamed.get(name);
      const seen = counted.some(({ measure }) => measure === modality.measure || measure === "item");
      return seen || streamed === undefined ? [] : [streamed];
    }
    const payload = inputs.get(name);
    if (payload === undefined || !run.unread.has(payload)) return [];
    const amount = modality.measureOf(payload.value);
    const [measure, of] = amount === undefined ? ["item", 1] : [modality.measure, amount];
    if (payload === output) return [{ measure, done: of, of }];
    return [{ measure, done: 0, of, missing: [{ what: `input "${name}"`, reason: "no step read it" }] }];
  });
}

function inputFacts(payload: Payload | undefined) {
  if (payload === undefined) return {};
  return {
    ...(payload.mediaType !== undefined && { mediaType: payload.mediaType }),
    ...(payload.name !== undefined && { name: payload.name }),
    ...digestFact(payload),
  };
}

function digestFact(payload: Payload | undefined): { digest?: string } {
  const digest = payload === undefined ? undefined : knownDigest(payload);
  return digest === undefined ? {} : { digest };
}

/** All steps, nested ones after the one that holds them. */
function stepsOf(body: CompiledBody): readonly CompiledStep[] {
  let steps = stepLists.get(body);
  if (steps === undefined)
    stepLists.set(body, (steps = body.steps.flatMap((step) => [step, ...bodiesOf(step).flatMap(stepsOf)])));
  return steps;
}

const stepLists = new WeakMap<CompiledBody, readonly CompiledStep[]>();

function bodiesOf(step: CompiledStep): readonly CompiledBody[] {
  if (step.kind === "switch") return [...step.cases, step.otherwise];
  return "body" in step ? [step.body] : [];
}
