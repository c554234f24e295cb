import assert from "node:assert/strict";
import { type ComputePlane, createPortableHost, type Embedding, type Tensor } from "@stargate/kernel";
import { createTestContext, describeAdapter } from "@stargate/kernel/testing";
import sharp from "sharp";
import { expect, test } from "vitest";
import { clipModels } from "./clip/clip-models.ts";
import { tinyTokenizerFile } from "./clip/tokens/tiny-vocabulary.fixture.ts";
import { detectCases, runScriptedDetector } from "./detect/scripted-detectors.fixture.ts";
import vision, { visionTransforms } from "./index.ts";

/** Towers whose embedding depends on all they are given; the parity tests run real ones. */
function createTowers() {
  const calls: { readonly model: string; readonly signal: AbortSignal }[] = [];
  const compute: ComputePlane = {
    async run({ model, inputs, signal }) {
      signal.throwIfAborted();
      const use = {
        variant: "fp32",
        digest: null,
        backend: "test",
        device: "cpu",
        deviceKind: "cpu",
        pool: "test",
      } as const;
      const answer = { model, ...use, attempts: 1, hedged: false, batchItems: 1, queueMs: 0, runMs: 0 };
      const detected = runScriptedDetector(model);
      if (detected !== undefined) return { outputs: detected, use: answer };
      calls.push({ model, signal });
      const [output, input] = model.endsWith("vision")
        ? (["image_embeds", "pixel_values"] as const)
        : (["text_embeds", "input_ids"] as const);
      const { data } = inputs[input] as Tensor & { readonly data: Float32Array | BigInt64Array };
      const vector = new Float32Array(4).fill(0.1);
      for (const [index, value] of data.entries())
        vector[index % 4] = (vector[index % 4] ?? 0) + Math.cos(Number(value) + index);
      return {
        outputs: { [output]: { dtype: "float32", shape: [1, 4], data: vector } },
        use: answer,
      };
    },
    assets: async () => ({ "tokenizer.json": new Blob([tinyTokenizerFile()]) }),
  };
  return { compute, calls };
}

const png = new Blob([
  new Uint8Array(
    await sharp({ create: { width: 40, height: 20, channels: 3, background: "teal" } })
      .png()
      .toBuffer(),
  ),
]);
const picture = { blob: png, mediaType: "image/png" };
const long = "a cat ".repeat(100);
const host = createPortableHost({ compute: createTowers().compute });
const isUnit = (output: unknown): void => {
  const { vector, model, dimensions } = output as Embedding;
  assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5);
  assert.deepEqual([model, dimensions], ["clip-vit-base-patch32", 4]);
};

describeAdapter("the vision adapter", {
  create: () => vision(),
  host,
  soakRuns: 10,
  cases: [
    {
      name: "a wide picture",
      transform: "vision.embed-image",
      input: () => picture,
      coverage: { done: 400, of: 800 },
      expect: isUnit,
    },
    {
      name: "a wide picture, squashed",
      transform: "vision.embed-image",
      input: () => picture,
      options: { fit: "squash" },
      coverage: { done: 800, of: 800 },
      expect: isUnit,
    },
    {
      name: "a caption",
      transform: "vision.embed-text",
      input: () => "a cat",
      coverage: { done: 5, of: 5 },
      expect: isUnit,
    },
    { name: "nothing", transform: "vision.embed-text", input: () => "", coverage: { done: 0, of: 0 }, expect: isUnit },
    {
      name: "a text that is too long",
      transform: "vision.embed-text",
      input: () => long,
      coverage: { done: 37 * 6 + 1, of: long.length },
      expect: isUnit,
    },
    {
      name: "a picture and its caption",
      transform: "vision.embed-pair",
      input: () => ({ image: picture, text: "a cat" }),
      expect: isUnit,
    },
    ...detectCases(picture),
  ],
  badInputs: [
    {
      name: "an empty picture",
      transform: "vision.embed-image",
      input: () => ({ ...picture, blob: new Blob([]) }),
      code: "SG_INPUT_EMPTY",
    },
    {
      name: "a picture that breaks off",
      transform: "vision.embed-image",
      input: () => ({ ...picture, blob: png.slice(0, 60) }),
      code: "SG_INPUT_CORRUPT",
    },
    {
      name: "a pair with a broken picture",
      transform: "vision.embed-pair",
      input: () => ({ image: { ...picture, blob: png.slice(0, 60) }, text: "a cat" }),
      code: "SG_INPUT_CORRUPT",
    },
  ],
});

const embedText = vision().transforms.find(({ id }) => id === "vision.embed-text");
const embedPair = vision().transforms.find(({ id }) => id === "vision.embed-pair");
assert.ok(embedText !== undefined && embedPair !== undefined);

test("a text that is too long is announced as a degradation, and refused where that is forbidden", async () => {
  const { context, recorded } = createTestContext(embedText, { host });
  await embedText.run(long as never, context);
  expect(recorded.degradations).toEqual([
    { what: "the first 223 of 600 characters", reason: "the model reads 77 tokens" },
  ]);
  expect(recorded.coverage.at(-1)?.missing).toEqual([
    { what: "characters 224-600", reason: "the model reads 77 tokens" },
  ]);
  const strict = createTestContext(embedText, { host, degrade: "never" });
  await expect(embedText.run(long as never, strict.context)).rejects.toMatchObject({ code: "SG_DEGRADE_REFUSED" });
});

test("a pair is the mean of both halves, each run on its own tower", async () => {
  const { compute, calls } = createTowers();
  const run = createTestContext(embedPair, { host: createPortableHost({ compute }) });
  const pair = (await embedPair.run({ image: picture, text: "a cat" } as never, run.context)) as Embedding;
  expect(calls.map(({ model }) => model).sort()).toEqual([
    "clip-vit-base-patch32-text",
    "clip-vit-base-patch32-vision",
  ]);
  const half = async (id: string, input: unknown) => {
    const transform = vision().transforms.find((one) => one.id === id);
    return (await transform?.run(input as never, createTestContext(transform, { host }).context)) as Embedding;
  };
  const [seen, read] = [await half("vision.embed-image", picture), await half("vision.embed-text", "a cat")];
  const sum = seen.vector.map((value, index) => value + (read.vector[index] ?? 0));
  const length = Math.hypot(...sum);
  for (const [index, value] of pair.vector.entries()) expect(value).toBeCloseTo((sum[index] ?? 0) / length, 5);
  expect(new Set(run.recorded.coverage.map(({ measure }) => measure))).toEqual(new Set(["character", "pixel"]));
});

test("the other half is called off when one fails", async () => {
  const { promise: textAsked, resolve: askText } = Promise.withResolvers<AbortSignal>();
  const compute: ComputePlane = {
    ...createTowers().compute,
    async run({ signal }) {
      askText(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as DOMException)));
    },
  };
  const waiting = createPortableHost({ compute });
  // The picture breaks only when the text is under way.
  const offload: typeof waiting.offload = async (...task) => {
    await textAsked;
    return waiting.offload(...task);
  };
  const run = createTestContext(embedPair, { host: { ...waiting, offload } });
  const input = { image: { ...picture, blob: png.slice(0, 60) }, text: "a cat" };
  await expect(embedPair.run(input as never, run.context)).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT" });
  expect((await textAsked).aborted).toBe(true);
});

test("an unknown option is refused, with the nearest one", () => {
  expect(() => vision({ clip: { contextTokns: 77 } } as never)).toThrow(
    expect.objectContaining({
      code: "SG_OPTIONS_INVALID",
      message: expect.stringContaining("contextTokens") as string,
    }),
  );
});

test("models of one's own take the place of the default ones", async () => {
  const { compute, calls } = createTowers();
  const [, transform] = vision({ clip: { textModel: "my-text", space: "mine" } }).transforms;
  assert.ok(transform !== undefined);
  const run = createTestContext(transform, { host: createPortableHost({ compute }) });
  expect(await transform.run("a cat" as never, run.context)).toMatchObject({ model: "mine" });
  expect(calls.map(({ model }) => model)).toEqual(["my-text"]);
});

test("the declared towers invent no digest and name every file's place", () => {
  const files = clipModels.flatMap(({ variants, assets = [] }) => [
    ...assets,
    ...variants.flatMap((variant) => variant.files),
  ]);
  expect(files.map(({ name, sha256, urls }) => [name, sha256, urls.length])).toEqual([
    ["vision_model.onnx", null, 1],
    ["vision_model_quantized.onnx", null, 1],
    ["tokenizer.json", null, 1],
    ["text_model.onnx", null, 1],
    ["text_model_quantized.onnx", null, 1],
  ]);
});

test("the transforms can be named in a pipeline", () => {
  expect(Object.values(visionTransforms).map(({ id }) => id)).toEqual([
    "vision.embed-image",
    "vision.embed-text",
    "vision.embed-pair",
    "vision.detect-objects",
    "vision.detect-faces",
  ]);
});

test("doctor sees the decoder", async () => {
  const checks = await vision().check?.({ signal: new AbortController().signal });
  expect(checks).toEqual([
    { name: "sharp", status: "ok", message: expect.stringMatching(/^\d+\.\d+\.\d+, /) as string },
  ]);
});
