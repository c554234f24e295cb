import { digestJson, type ModelUse, type Receipt } from "@stargate/kernel";

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
        models: [
          {
            model: use.model,
            variant: use.variant,
            digest: use.digest,
            backend: use.backend,
            device: use.device,
            pool: use.pool,
            calls: 1,
            attempts: use.attempts,
            hedges: use.hedged ? 1 : 0,
            batchItems: use.batchItems,
            queueMs: use.queueMs,
            runMs: use.runMs,
            ...(use.joules !== undefined && { joules: use.joules }),
            ...(use.usd !== undefined && { usd: use.usd }),
            decisions: use.decision === undefined ? [] : [use.decision],
          },
        ],
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
