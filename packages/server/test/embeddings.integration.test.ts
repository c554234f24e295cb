import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import onnx from "@stargate/adapter-onnx";
import openai from "@stargate/adapter-openai";
import text from "@stargate/adapter-text";
import vision from "@stargate/adapter-vision";
import { defineAdapter, receiptSchema, type Adapter, type ModelFile, type ModelSpec } from "@stargate/kernel";
import OpenAI from "openai";
import { expect, test, type TestContext } from "vitest";
import { z } from "zod";
import { sharedFile } from "../../../test/support/shared-files.ts";
import { startTestGateway } from "./support/test-gateway.ts";

// Real models (architecture and vocabulary; random weights) in real model hosts, behind the compute plane, over HTTP.

const CLIP = "parity/clip-tiny-random/";
const MINILM = "parity/minilm-tiny-random/";

function fileOf(context: TestContext, path: string): ModelFile {
  const file = sharedFile(context, path);
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  return { name: basename(path), urls: [pathToFileURL(file).href], sha256, sizeBytes: statSync(file).size };
}

function modelOf(id: string, file: ModelFile, assets: readonly ModelFile[] = []): ModelSpec {
  const shared = { version: "1.0.0", summary: "Random weights", licence: "Apache-2.0", format: "onnx" } as const;
  return { ...shared, id, assets, variants: [{ name: "fp32", quality: 1, files: [file] }], batching: "first-axis" };
}

/** The adapters that come with the gateway, on the parity models. */
function adaptersOf(context: TestContext): readonly Adapter[] {
  const models = defineAdapter({
    spec: 1,
    id: "parity",
    version: "1.0.0",
    summary: "Models of random weights",
    models: [
      modelOf("tiny-vision", fileOf(context, `${CLIP}vision_model.onnx`)),
      modelOf("tiny-text", fileOf(context, `${CLIP}text_model.onnx`), [fileOf(context, `${CLIP}tokenizer.json`)]),
      modelOf("tiny-minilm", fileOf(context, `${MINILM}model.onnx`), [fileOf(context, `${MINILM}vocab.txt`)]),
    ],
  });
  const clip = { space: "tiny-clip", imageModel: "tiny-vision", textModel: "tiny-text", attentionMask: true };
  return [onnx(), vision({ clip }), text({ model: "tiny-minilm" }), models];
}

const vectors = z.array(z.array(z.number()));
const read = async (context: TestContext, name: string): Promise<unknown> =>
  JSON.parse(await readFile(sharedFile(context, name), "utf8"));

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? Number.NaN), 0);
}

/** Texts with their reference. The references know what an empty text is, too; a gate refuses empty inputs. */
function notEmpty(texts: readonly { readonly text: string }[], reference: readonly (readonly number[])[]) {
  return texts.flatMap(({ text: one }, index) => (one === "" ? [] : [{ text: one, vector: reference[index] ?? [] }]));
}

test("images and texts in one call have the embeddings of the reference, run in batches and receipted", async (context) => {
  const expected = z
    .object({
      images: z.record(z.string(), z.unknown()),
      image_embeds: vectors,
      captions: z.array(z.object({ text: z.string() })),
      text_embeds: vectors,
    })
    .parse(await read(context, `${CLIP}expected.json`));
  const photographs = Object.keys(expected.images).flatMap((name, index) =>
    name.endsWith(".jpg") ? [{ name, index }] : [],
  );
  const images = await Promise.all(
    photographs.map(async ({ name }) => {
      const bytes = await readFile(sharedFile(context, `${CLIP}images/${name}`));
      return { image: `data:image/jpeg;base64,${bytes.toString("base64")}` };
    }),
  );
  const captions = notEmpty(expected.captions, expected.text_embeds);
  await using gateway = await startTestGateway({ pipelines: [] }, adaptersOf(context));
  const response = await gateway.fetch("/v1/embeddings", {
    method: "POST",
    body: JSON.stringify({ model: "tiny-clip", input: [...images, ...captions.map(({ text }) => ({ text }))] }),
  });
  const answer = z
    .object({
      data: z.array(z.object({ embedding: z.array(z.number()) })),
      combined: z.object({ embedding: z.array(z.number()), items: z.number() }),
      errors: z.array(z.unknown()).default([]),
      receipt: z.string(),
    })
    .parse(await response.json());
  const reference = [
    ...photographs.map(({ index }) => expected.image_embeds[index] ?? []),
    ...captions.map(({ vector }) => vector),
  ];
  expect(answer.data).toHaveLength(reference.length);
  for (const [index, { embedding }] of answer.data.entries())
    expect(cosine(embedding, reference[index] ?? [])).toBeGreaterThan(0.9999);
  expect(answer.errors).toEqual([]);
  expect(answer.combined.items).toBe(reference.length);
  expect(Math.hypot(...answer.combined.embedding)).toBeCloseTo(1, 5);
  const receipt = receiptSchema.parse(await (await gateway.fetch(`/v1/receipts/${answer.receipt}`)).json());
  const models = receipt.steps.flatMap((step) => step.models ?? []);
  expect(models.map(({ model, calls }) => [model, calls])).toEqual([
    ["tiny-vision", photographs.length],
    ["tiny-text", captions.length],
  ]);
  expect(models.find(({ model }) => model === "tiny-text")?.batchItems).toBeGreaterThan(1);
});

test("one gateway is the server of models of another", async (context) => {
  const expected = z
    .object({
      max_length: z.number(),
      sentences: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })),
      embeddings: vectors,
    })
    .parse(await read(context, `${MINILM}expected.json`));
  await using far = await startTestGateway({ pipelines: [] }, adaptersOf(context));
  const remote = openai({
    servers: { far: { baseUrl: `${far.url}/v1` } },
    models: { "far-minilm": { server: "far", model: "tiny-minilm", kind: "embeddings" } },
  });
  await using near = await startTestGateway(
    { pipelines: [], allow: { hosts: ["127.0.0.1:*"], networks: ["127.0.0.1"] } },
    [remote],
  );
  const client = new OpenAI({ baseURL: `${near.url}/v1`, apiKey: "none", maxRetries: 0 });
  // The reference cuts what is longer; the adapter reads all of it.
  const whole = expected.sentences.map(({ text: one, ids }) => ({ text: ids.length < expected.max_length ? one : "" }));
  const sentences = notEmpty(whole, expected.embeddings);
  const input = sentences.map((sentence) => sentence.text);
  const { data } = await client.embeddings.create({ model: "far-minilm", input });
  expect(data).toHaveLength(input.length);
  for (const { index, embedding } of data)
    expect(cosine(embedding, sentences[index]?.vector ?? [])).toBeGreaterThan(0.9999);
});
