import { type Adapter, defineAdapter, defineTransform, json, type Tensor, text } from "@stargate/kernel";
import { z } from "zod";
import { createFaultyBackend } from "./faulty-backend.ts";

export interface FaultsAdapterOptions {
  /** The folder of `FaultControl`. */
  readonly folder: string;
  /** Names of pools and of their backends. */
  readonly pools: readonly string[];
}

const askOptions = z.strictObject({ model: z.string(), width: z.int().positive() });
const answerSchema = z.object({ id: z.number(), y: z.array(z.number().nullable()) });

/** One item for a model: the id first, then numbers that follow from it. */
function itemOf(id: number, width: number): Float32Array {
  return Float32Array.from({ length: width }, (_, index) => (index === 0 ? id : Math.sin(id * 0.7 + index)));
}

/** Numbers that are none become null in JSON, which is how a client sees them. */
const numbersOf = (tensor: Tensor | undefined): (number | null)[] =>
  Array.from((tensor?.data ?? []) as Float32Array, (value) => (Number.isFinite(value) ? value : null)); // the model's dtype

const ask = defineTransform({
  id: "faults.ask",
  version: "1.0.0",
  summary: "What a model says to a number",
  from: text,
  to: json,
  options: askOptions,
  coverage: "whole",
  async run(input, { compute, options: { model, width } }) {
    const id = Number(input);
    const x = { dtype: "float32", shape: [1, width], data: itemOf(id, width) } as const;
    const { y } = await compute.run(model, { x });
    return { id, y: numbersOf(y) };
  },
});

const askAgain = defineTransform({
  id: "faults.ask-again",
  version: "1.0.0",
  summary: "What a model says to the next number",
  from: json,
  to: json,
  options: askOptions,
  coverage: "whole",
  async run(input, { compute, options: { model, width } }) {
    const id = answerSchema.parse(input).id + 0.5;
    const { y } = await compute.run(model, { x: { dtype: "float32", shape: [1, width], data: itemOf(id, width) } });
    return { id, y: numbersOf(y) };
  },
});

/** Pools whose hosts fail when they are told to, and transforms that use them. */
export default function faultsAdapter({ folder, pools }: FaultsAdapterOptions): Adapter {
  return defineAdapter({
    spec: 1,
    id: "faults",
    version: "1.0.0",
    summary: "Models that fail when they are told to",
    transforms: [ask, askAgain],
    backends: pools.map((pool) => createFaultyBackend({ pool, folder })),
  });
}
