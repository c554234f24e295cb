import { digestJson, type ModelUse, modelUseLine, type Receipt } from "@stargate/kernel";

export interface InferenceFacts extends Pick<Receipt, "id" | "tenant" | "startedAt" | "ms"> {
  /** Version of the model's declaration. */
  readonly version: string;
  readonly inputNames: readonly string[];
  readonly use: ModelUse;
}

/** The receipt of one model call: a run of one step. */
export function inferenceReceipt({ version, inputNames, use, ...facts }: InferenceFacts): Receipt {
  const uses = `${use.model}@${version}`;
  return {
    stargate: 1,
    ...facts,
    pipeline: null,
    planHash: digestJson({ model: uses }),
    input: Object.fromEntries(inputNames.map((name) => [name, { modality: "tensor" }])),
    output: { modality: "tensor" },
    steps: [
      {
        id: "infer",
        uses,
        models: [modelUseLine(use)],
        invocations: 1,
        attempts: 1,
        failures: 0,
        ms: facts.ms,
        cached: 0,
        coverage: [],
        facts: {},
      },
    ],
    coverage: [],
    degradations: [],
    issues: [],
    meter: [],
  };
}
