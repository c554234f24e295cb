import { readFile } from "node:fs/promises";
import { createPortableHost, openGate, type TensorMap } from "@stargate/kernel";
import { createTestContext } from "@stargate/kernel/testing";
import { expect, test, type TestContext } from "vitest";
import { z } from "zod";
import { createOnnxPlane } from "../../../../test/support/onnx-plane.ts";
import { sharedFile } from "../../../../test/support/shared-files.ts";
import { createEmbedTransform } from "./embed/embed-transform.ts";
import { createStatePool } from "./embed/pool-states.ts";
import { tokenTensors } from "./embed/token-tensors.ts";
import text, { type TextOptionsInput } from "./index.ts";
import { parseTextOptions } from "./text-options.ts";
import { parseVocabulary } from "./tokenizer/vocabulary.ts";
import { tokensOf } from "./tokenizer/word-piece.ts";

/** Real architecture and vocabulary, random weights; its README says how the reference values were made. */
const FOLDER = "parity/minilm-tiny-random/";
const MODEL = "minilm-tiny-random";

const expectedSchema = z.object({
  max_length: z.number(),
  sentences: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })),
  embeddings: z.array(z.array(z.number())),
});
const casesSchema = z.object({ cases: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })) });

const readJson = async (context: TestContext, name: string): Promise<unknown> =>
  JSON.parse(await readFile(sharedFile(context, FOLDER + name), "utf8"));

const readVocabulary = async (context: TestContext) =>
  parseVocabulary(MODEL, await readFile(sharedFile(context, `${FOLDER}vocab.txt`), "utf8"));

const planeOf = (context: TestContext) =>
  createOnnxPlane({
    [MODEL]: {
      file: sharedFile(context, `${FOLDER}model.onnx`),
      assets: { "vocab.txt": sharedFile(context, `${FOLDER}vocab.txt`) },
    },
  });

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? Number.NaN), 0);

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? Number.NaN))), 0);

/** Embeds texts one by one, as a caller would. */
async function embed(
  context: TestContext,
  texts: readonly string[],
  options: { readonly adapter?: TextOptionsInput; readonly call?: unknown } = {},
) {
  await using plane = planeOf(context);
  const host = createPortableHost({ compute: plane });
  const transform = createEmbedTransform(parseTextOptions({ model: MODEL, ...options.adapter }));
  const results = [];
  for (const one of texts) {
    const { context: run, recorded } = createTestContext(transform as never, { host, options: options.call });
    results.push({ value: await transform.run(one, run), recorded });
  }
  return results;
}

test("every text of the reference has the same token ids", async (context) => {
  const { cases } = casesSchema.parse(await readJson(context, "tokenizer_cases.json"));
  const vocabulary = await readVocabulary(context);
  expect(cases).toHaveLength(229);
  const idsOf = (one: string) => [...tokensOf(one, vocabulary)].flatMap(({ ids }) => ids);
  expect(cases.map((one) => [one.text, 101, ...idsOf(one.text), 102])).toEqual(
    cases.map((one) => [one.text, ...one.ids]),
  );
});

test("every sentence of the reference has the same embedding", async (context) => {
  const {
    sentences,
    embeddings,
    max_length: maxTokens,
  } = expectedSchema.parse(await readJson(context, "expected.json"));
  const results = await embed(
    context,
    sentences.map((one) => one.text),
    { adapter: { maxTokens }, call: { overlong: "cut" } },
  );
  expect(results).toHaveLength(20);
  for (const [index, { value, recorded }] of results.entries()) {
    const reference = embeddings[index] ?? [];
    expect(dot(value.vector, reference), sentences[index]?.text).toBeGreaterThanOrEqual(0.9999);
    expect(largestDifference(value.vector, reference)).toBeLessThanOrEqual(1e-5);
    expect(recorded.facts["tokens"]).toBe(sentences[index]?.ids.length);
  }
});

test("a batch gives what its texts give alone, whatever the padding", async (context) => {
  const { sentences, embeddings } = expectedSchema.parse(await readJson(context, "expected.json"));
  const vocabulary = await readVocabulary(context);
  await using plane = planeOf(context);
  const call = { model: MODEL, tenant: "default", runId: "test", step: "test", policy: {}, deadlineMs: Infinity };
  const run = async (inputs: TensorMap) =>
    (await plane.run({ ...call, inputs, signal: new AbortController().signal })).outputs;
  const windows = sentences.map(({ ids }) => ({ ids: ids.slice(1, -1), end: 0 }));
  const batch = tokenTensors(windows, vocabulary, { maxTokens: 256, tokenTypes: true });
  expect(batch.inputs["input_ids"]?.shape).toEqual([20, 128]);
  const states = (await run(batch.inputs))["last_hidden_state"]?.data as Float32Array;
  const rowLength = 128 * 64;
  for (const [row, length] of batch.lengths.entries()) {
    const data = states.subarray(row * rowLength, (row + 1) * rowLength);
    const pool = createStatePool(MODEL, "mean");
    pool.add({ last_hidden_state: { dtype: "float32", shape: [1, 128, 64], data } }, [length]);
    const mean = pool.mean();
    const norm = Math.sqrt(dot(mean, mean));
    const alone = embeddings[row] ?? [];
    expect(
      largestDifference(
        mean.map((value) => value / norm),
        alone,
      ),
    ).toBeLessThanOrEqual(1e-5);
  }
});

test("a text longer than the model reads at once is read in windows, to its end", async (context) => {
  const sentence = "The girl is carrying a baby across the enclosed ground. ";
  const long = sentence.repeat(200);
  const [result] = await embed(context, [long]);
  expect(result?.recorded.coverage.at(-1)).toEqual({ done: long.length, of: long.length });
  expect(result?.recorded.facts).toEqual({ tokens: 2200 + 2 * 9, windows: 9 });
  expect(result?.recorded.progress.at(-1)).toEqual({ done: long.length - 1, of: long.length });
  // The end counts: another end gives another embedding.
  const [other] = await embed(context, [sentence.repeat(100) + "Prices fell. ".repeat(100)]);
  expect(dot(result?.value.vector ?? [], other?.value.vector ?? [])).toBeLessThan(0.999);
});

test("a text that is cut says how many of its characters were read", async (context) => {
  const long = "One two three four five six seven eight nine ten. ".repeat(60);
  const [result] = await embed(context, [long], { call: { overlong: "cut" } });
  const beginning = long.slice(0, result?.recorded.coverage.at(-1)?.done);
  expect(result?.recorded.coverage.at(-1)).toEqual({
    done: beginning.length,
    of: long.length,
    missing: [
      { what: `characters ${beginning.length + 1}-3000`, reason: '"minilm-tiny-random" reads 256 tokens at once' },
    ],
  });
  expect(result?.recorded.degradations).toHaveLength(1);
  expect(beginning.length).toBeGreaterThan(1000);
  const [same] = await embed(context, [beginning]);
  expect(same?.recorded.facts).toEqual({ tokens: 256, windows: 1 });
  expect(largestDifference(result?.value.vector ?? [], same?.value.vector ?? [])).toBe(0);
});

test("a text that must not be cut is refused", async (context) => {
  await expect(embed(context, ["word ".repeat(300)], { call: { overlong: "refuse" } })).rejects.toMatchObject({
    code: "SG_INPUT_TOO_LARGE",
    message: expect.stringContaining("256 tokens") as string,
  });
});

test("a gate turns a text into an embedding and says how much of it was read", async (context) => {
  await using plane = planeOf(context);
  await using gate = await openGate({
    adapters: [text({ model: MODEL })],
    host: createPortableHost({ compute: plane }),
  });
  const { value, receipt } = await gate.run("A man is eating food.", { to: "embedding" });
  expect(value).toMatchObject({ model: MODEL, dimensions: 64 });
  expect(receipt.steps[0]).toMatchObject({
    uses: "text.embed@1.0.0",
    models: [{ model: MODEL, backend: "onnx", device: "cpu" }],
    facts: { tokens: 8, windows: 1 },
  });
  expect(receipt.coverage).toEqual([{ measure: "character", done: 21, of: 21 }]);
});
