import assert from "node:assert/strict";
import {
  type ComputePlane,
  createPortableHost,
  openGate,
  type Embedding,
  type Tensor,
  type Transcript,
} from "@stargate/kernel";
import { describeAdapter } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import text, { textTransforms } from "./index.ts";

const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "man", "is", "eating", "food", "."].join("\n");

/** A model whose state of a token depends on its number alone; the parity tests run real ones. */
const compute: ComputePlane = {
  async run({ model, inputs, signal }) {
    signal.throwIfAborted();
    const { data, shape } = inputs["input_ids"] as Tensor & { readonly data: BigInt64Array };
    const states = Float32Array.from({ length: data.length * 4 }, (_, index) => {
      const id = Number(data[Math.floor(index / 4)]);
      return Math.cos(id * (1 + (index % 4)));
    });
    const use = {
      variant: "fp32",
      digest: null,
      backend: "test",
      device: "cpu",
      deviceKind: "cpu",
      pool: "test",
    } as const;
    return {
      outputs: { last_hidden_state: { dtype: "float32", shape: [...shape, 4], data: states } },
      use: { model, ...use, attempts: 1, hedged: false, batchItems: 1, queueMs: 0, runMs: 0 },
    };
  },
  assets: async () => ({ "vocab.txt": new Blob([vocabulary]) }),
};

const long = "A man is eating food. ".repeat(500);

const said: Transcript = {
  text: "Write to ada@example.org",
  language: "en",
  task: "transcribe",
  durationSeconds: 3,
  segments: [{ startSeconds: 0, endSeconds: 3, text: "Write to ada@example.org" }],
  recogniser: { name: "test", quality: 1 },
};

describeAdapter("the text adapter", {
  create: () => text(),
  host: createPortableHost({ compute }),
  cases: [
    {
      name: "a sentence",
      transform: "text.embed",
      input: () => "A man is eating food.",
      coverage: { done: 21, of: 21 },
      expect: (output) => assert.equal((output as Embedding).model, "all-MiniLM-L6-v2"),
    },
    {
      name: "nothing",
      transform: "text.embed",
      input: () => "",
      coverage: { done: 0, of: 0 },
    },
    {
      name: "a text in many windows",
      transform: "text.embed",
      input: () => long,
      coverage: { done: long.length, of: long.length },
    },
    {
      name: "a text that is cut",
      transform: "text.embed",
      input: () => long,
      options: { overlong: "cut" },
      coverage: { done: 22 * 42 + 5, of: long.length },
    },
    {
      name: "fewer dimensions",
      transform: "text.embed",
      input: () => "food",
      options: { dimensions: 2 },
      expect: (output) => assert.equal((output as Embedding).vector.length, 2),
    },
    {
      name: "an address",
      transform: "text.redact",
      input: () => "Write to ada@example.org.",
      expect: (output) => assert.equal(output, "Write to [email]."),
    },
    {
      name: "an address that is said",
      transform: "text.redact-transcript",
      input: () => said,
      options: { mask: "stars" },
      expect: (output) => assert.equal((output as Transcript).text, "Write to ***"),
    },
  ],
  badInputs: [
    {
      name: "a text that must not be cut",
      transform: "text.embed",
      input: () => long,
      options: { overlong: "refuse" },
      code: "SG_INPUT_TOO_LARGE",
    },
    {
      name: "more dimensions than there are",
      transform: "text.embed",
      input: () => "food",
      options: { dimensions: 5 },
      code: "SG_OPTIONS_INVALID",
    },
  ],
});

test("an unknown option is refused, with the nearest one", () => {
  expect(() => text({ modle: "mine" } as never)).toThrow(
    expect.objectContaining({ code: "SG_OPTIONS_INVALID", message: expect.stringContaining("did you mean 'model'?") }),
  );
});

test("the transforms can be named in a pipeline", () => {
  expect(Object.values(textTransforms).map(({ id }) => id)).toEqual([
    "text.embed",
    "text.redact",
    "text.redact-transcript",
  ]);
});

test("the receipt of a redaction says how many of which kind, and never what", async () => {
  await using gate = await openGate({ adapters: [text()] });
  const graph = {
    stargate: 1,
    name: "redact",
    inputs: { letter: "text" },
    steps: [{ kind: "transform", id: "redact", use: "text.redact", from: "letter", with: { words: ["falcon"] } }],
    output: "redact",
  } as const;
  const { value, receipt } = await gate.run("Falcon: ada@example.org, bo@example.org", { pipeline: graph });
  expect(value).toBe("[word]: [email], [email]");
  expect(receipt.steps[0]?.facts).toEqual({ replaced: { word: 1, email: 2 } });
  expect(JSON.stringify(receipt)).not.toMatch(/example|falcon/i);
});

test("the declared model pins its vocabulary and invents no digest", () => {
  const [model] = text().models;
  expect(model?.assets?.map(({ name, sha256 }) => [name, sha256?.length])).toEqual([["vocab.txt", 64]]);
  expect(model?.variants.map(({ name, files }) => [name, files[0]?.name, files[0]?.sha256])).toEqual([
    ["fp32", "onnx/model.onnx", null],
    ["int8", "onnx/model_quantized.onnx", null],
  ]);
});
