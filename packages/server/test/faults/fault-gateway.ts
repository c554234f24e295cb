import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelUseReceipt, Receipt } from "@stargate/kernel";
import { FaultControl } from "../../../../test/support/faults/fault-control.ts";
import faultsAdapter from "../../../../test/support/faults/faults-adapter.ts";
import {
  type ModelsConfig,
  type PerceptronOptions,
  writePerceptron,
} from "../../../../test/support/faults/perceptron.ts";
import type { ConfigInput } from "../../src/config/config-schema.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

/** Width of the model's input. */
const WIDTH = 8;
const SIZES = [WIDTH, 16, 4];

export interface FaultGatewayOptions<Pool extends string> {
  /** Slots by name of the pool. */
  readonly pools: Readonly<Record<Pool, number>>;
  readonly model?: Pick<PerceptronOptions, "batching" | "deviceMs"> | undefined;
  /** Further models of the configuration. */
  readonly models?: ((folder: string) => Promise<ModelsConfig>) | undefined;
  readonly config?: ConfigInput | undefined;
}

/** What became of a call. */
export interface Told {
  readonly status: number;
  /** Of the error; undefined for an answer. */
  readonly code: string | undefined;
  readonly retryAfter: string | null;
  readonly y: readonly (number | null)[] | undefined;
  readonly use: ModelUseReceipt | undefined;
  readonly detail: string | undefined;
}

export interface FaultGateway<Pool extends string> extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly control: Readonly<Record<Pool, FaultControl>>;
  /** Asks the model about a number. */
  ask(id: number, headers?: Readonly<Record<string, string>>): Promise<Told>;
  /** Asks until the answer is as it should be; gives the last one after 20 seconds. */
  askUntil(id: number, isRight: (told: Told) => boolean, headers?: Readonly<Record<string, string>>): Promise<Told>;
}

const step = (id: string, use: string) => ({
  kind: "transform" as const,
  id,
  use,
  with: { model: "perceptron", width: WIDTH },
});
const pipelines = [
  {
    stargate: 1 as const,
    name: "ask",
    inputs: { input: "text" },
    steps: [{ ...step("first", "faults.ask"), from: "input" }],
    output: "first",
  },
  {
    stargate: 1 as const,
    name: "ask-twice",
    inputs: { input: "text" },
    steps: [
      { ...step("first", "faults.ask"), from: "input" },
      { ...step("second", "faults.ask-again"), from: "first" },
    ],
    output: "second",
  },
];

/** A gateway over HTTP with ONNX Runtime in processes that fail when they are told to. */
export async function startFaultGateway<Pool extends string>({
  pools,
  model,
  models,
  config,
}: FaultGatewayOptions<Pool>): Promise<FaultGateway<Pool>> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-faults-"));
  const names = Object.keys(pools) as Pool[]; // its own keys
  const control = Object.fromEntries(names.map((pool) => [pool, new FaultControl(folder, pool)])) as Record<
    Pool,
    FaultControl
  >;
  const perceptron = await writePerceptron({ folder: join(folder, "model"), sizes: SIZES, ...model });
  const gateway = await startTestGateway(
    {
      results: { enabled: false },
      log: { level: "error" },
      models: { declare: { perceptron, ...(await models?.(join(folder, "more"))) } },
      pipelines: pipelines.map((graph) => ({ graph })),
      ...config,
      compute: {
        pools: Object.fromEntries(names.map((pool) => [pool, { backend: pool, slots: pools[pool] }])),
        ...config?.compute,
      },
    },
    [faultsAdapter({ folder, pools: names })],
  );
  const ask: FaultGateway<Pool>["ask"] = async (id, headers = {}) => {
    const response = await gateway.fetch("/v1/pipelines/ask", {
      method: "POST",
      body: String(id),
      headers: { "content-type": "text/plain", accept: "application/vnd.stargate+json", ...headers },
    });
    const body = (await response.json()) as {
      readonly code?: string;
      readonly detail?: string;
      readonly output?: { readonly y: readonly (number | null)[] };
      readonly receipt?: Receipt;
    };
    return {
      status: response.status,
      code: body.code,
      retryAfter: response.headers.get("retry-after"),
      y: body.output?.y,
      use: body.receipt?.steps[0]?.models?.[0],
      detail: body.detail,
    };
  };
  return {
    gateway,
    control,
    ask,
    async askUntil(id, isRight, headers) {
      const untilMs = performance.now() + 20_000;
      for (;;) {
        const told = await ask(id, headers);
        if (isRight(told) || performance.now() > untilMs) return told;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Calls with these numbers at once. */
export const range = (count: number, from = 1): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

/** How many answers there are of each status or code. */
export function tally(answers: readonly Told[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, code } of answers) counts[code ?? status] = (counts[code ?? status] ?? 0) + 1;
  return counts;
}
