import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { combineEmbeddings, createEmbedding, digestBlob, receiptSchema, type Embedding } from "@stargate/kernel";
import OpenAI, { AuthenticationError, InternalServerError, NotFoundError, UnprocessableEntityError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { addKey } from "../src/auth/key-store.ts";
import { writeBmp } from "../../../test/support/image-writers.ts";
import { embeddingAdapter, tinyEmbedding } from "./support/embedding-adapter.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

const { adapter, mostAtOnce } = embeddingAdapter();
let gateway: TestGateway;
let openai: OpenAI;
beforeAll(async () => {
  gateway = await startTestGateway(
    {
      pipelines: [],
      embeddings: { aliases: { "text-embedding-3-small": "words-large" } },
      limits: { maxBatchItems: 100 },
    },
    [adapter],
  );
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** A grey picture of one pixel. */
function picture(shade: number): Blob {
  const bytes = writeBmp({ data: Uint8Array.of(shade), widthPixels: 1, heightPixels: 1 });
  return new Blob([bytes], { type: "image/bmp" });
}

async function dataUrl(blob: Blob): Promise<string> {
  return `data:${blob.type};base64,${Buffer.from(await blob.arrayBuffer()).toString("base64")}`;
}

const answerSchema = z.object({
  data: z.array(
    z.object({
      index: z.number(),
      embedding: z.array(z.number()),
      parts: z.record(z.string(), z.array(z.number())).optional(),
    }),
  ),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.number(), total_tokens: z.number() }),
  combined: z.object({ embedding: z.array(z.number()), items: z.number() }).optional(),
  errors: z.array(z.object({ index: z.number(), code: z.string(), message: z.string(), hint: z.string() })).optional(),
  receipt: z.string(),
});

const post = (body: unknown, headers: Record<string, string> = {}) =>
  gateway.fetch("/v1/embeddings", { method: "POST", body: JSON.stringify(body), headers });

async function embed(body: object, headers?: Record<string, string>) {
  const response = await post({ model: "tiny-clip", ...body }, headers);
  return { response, answer: answerSchema.parse(await response.json()) };
}

async function refused(body: object) {
  const response = await post({ model: "tiny-clip", ...body });
  return { status: response.status, ...((await response.json()) as { error: Record<string, unknown> }) };
}

const rounded = ({ vector }: Embedding): number[] => Array.from(vector, (value) => Number(value.toPrecision(9)));
const text = (value: string, model = "tiny-clip") => tinyEmbedding(model, value);
const ofImage = async (blob: Blob) => tinyEmbedding("tiny-clip", await digestBlob(blob));

describe("the official client, unmodified", () => {
  test("gets embeddings as numbers, which travelled as base64", async () => {
    const { data, model, usage } = await openai.embeddings.create({ model: "tiny-clip", input: ["a red fox", "snow"] });
    expect(data.map(({ index, embedding }) => [index, [...embedding]])).toEqual([
      [0, [...text("a red fox").vector]],
      [1, [...text("snow").vector]],
    ]);
    expect({ model, usage }).toEqual({ model: "tiny-clip", usage: { prompt_tokens: 4, total_tokens: 4 } });
  });

  test("gets one embedding for one text, as floats, cut and of length 1 again", async () => {
    const { data } = await openai.embeddings.create({
      model: "words-small",
      input: "snow",
      dimensions: 3,
      encoding_format: "float",
    });
    expect(data).toHaveLength(1);
    const cut = createEmbedding({ model: "words-small", vector: text("snow", "words-small").vector, dimensions: 3 });
    expect(data[0]?.embedding).toEqual(rounded(cut));
    expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 6);
  });

  test("uses a name of OpenAI's that the operator gave to a model", async () => {
    const { data, model } = await openai.embeddings.create({ model: "text-embedding-3-small", input: "snow" });
    expect([...(data[0]?.embedding ?? [])]).toEqual([...text("snow", "words-large").vector]);
    expect(model).toBe("text-embedding-3-small");
  });

  test("lists the models, and looks one up", async () => {
    const { data } = await openai.models.list();
    expect(data).toEqual([
      { id: "tiny-clip", object: "model", created: 0, owned_by: "tiny", embeds: ["text", "image"] },
      { id: "words-small", object: "model", created: 0, owned_by: "tiny", embeds: ["text"] },
      { id: "words-large", object: "model", created: 0, owned_by: "tiny", embeds: ["text"] },
    ]);
    expect(await openai.models.retrieve("text-embedding-3-small")).toMatchObject({ id: "text-embedding-3-small" });
  });

  test("throws its own errors, with this gateway's codes", async () => {
    const unknown = await openai.embeddings.create({ model: "tiny-clap", input: "x" }).catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(NotFoundError);
    expect(unknown).toMatchObject({
      code: "SG_EMBEDDING_MODEL_UNKNOWN",
      param: "model",
      type: "invalid_request_error",
      message: expect.stringContaining("tiny-clip") as string,
    });
    const busy = await openai.embeddings.create({ model: "tiny-clip", input: "busy" }).catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(InternalServerError);
    expect(busy).toMatchObject({ status: 503, code: "SG_TINY_BUSY", type: "server_error" });
    const empty = await openai.embeddings.create({ model: "tiny-clip", input: "" }).catch((error: unknown) => error);
    expect(empty).toMatchObject({ status: 400, code: "SG_INPUT_EMPTY" });
    const missing = await openai.models.retrieve("nothing").catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(NotFoundError);
  });

  test("is told about tokens in place of text", async () => {
    for (const input of [
      [1, 2, 3],
      [[1, 2], [3]],
    ]) {
      const error = await openai.embeddings.create({ model: "tiny-clip", input }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnprocessableEntityError);
      expect(error).toMatchObject({
        code: "SG_EMBEDDING_TOKENS",
        error: { hint: expect.stringContaining("check_embedding_ctx_length") as string },
      });
    }
  });

  test("sends its key, and a wrong one is an error of its own", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stargate-keys-"));
    const files = { keysFile: join(folder, "keys.json"), pepperFile: join(folder, "pepper") };
    const { key } = addKey(files, { tenant: "lab", now: new Date() });
    await using locked = await startTestGateway({ pipelines: [], auth: files }, [adapter]);
    const ask = (apiKey: string) =>
      new OpenAI({ baseURL: `${locked.url}/v1`, apiKey, maxRetries: 0 }).embeddings
        .create({ model: "tiny-clip", input: "x" })
        .catch((error: unknown) => error);
    expect(await ask(key)).toMatchObject({ object: "list" });
    const error = await ask("sg_wrong");
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ type: "authentication_error", code: "SG_AUTH_INVALID" });
    await rm(folder, { recursive: true });
  });
});

describe("images and texts in one call", () => {
  test("give each its embedding, and one for all together", async () => {
    const [fox, snow] = [picture(10), picture(250)];
    const { answer, response } = await embed({
      input: [{ image: await dataUrl(fox) }, "a red fox", { text: "snow" }, { image: await dataUrl(snow) }],
    });
    const expected = [await ofImage(fox), text("a red fox"), text("snow"), await ofImage(snow)];
    expect(answer.data.map(({ index, embedding }) => [index, embedding])).toEqual(
      expected.map((embedding, index) => [index, rounded(embedding)]),
    );
    expect(answer.combined).toEqual({ embedding: rounded(combineEmbeddings(expected)), items: 4 });
    expect(response.headers.get("stargate-coverage")).toContain("item=4/4");
  });

  test("may belong together: a pair is one item, with its parts", async () => {
    const fox = picture(10);
    const { answer } = await embed({ input: [{ image: await dataUrl(fox), text: "a red fox" }] });
    const [seen, read] = [await ofImage(fox), text("a red fox")];
    expect(answer.data).toEqual([
      {
        index: 0,
        embedding: rounded(combineEmbeddings([seen, read])),
        parts: { image: rounded(seen), text: rounded(read) },
      },
    ]);
  });

  test("are combined only where that is asked for or there are both", async () => {
    const image = await dataUrl(picture(1));
    expect((await embed({ input: ["a", "b"] })).answer.combined).toBeUndefined();
    expect((await embed({ input: ["a", "b"], combine: true })).answer.combined?.items).toBe(2);
    expect((await embed({ input: ["a", { image }], combine: false })).answer.combined).toBeUndefined();
  });

  test("are all cut to the dimensions asked for", async () => {
    const { answer } = await embed({ input: ["a", { image: await dataUrl(picture(1)) }], dimensions: 4 });
    expect([...answer.data, answer.combined].map((one) => one?.embedding.length)).toEqual([4, 4, 4]);
  });

  test("need no model name: the first that embeds both is taken", async () => {
    const { answer } = await embed({ input: [{ image: await dataUrl(picture(1)) }, "a"], model: undefined });
    expect(answer.model).toBe("tiny-clip");
  });

  test("of which a text model sees the texts, and says so of the others", async () => {
    const { answer } = await embed({ model: "words-small", input: ["a", { image: await dataUrl(picture(1)) }] });
    expect(answer.data.map(({ index }) => index)).toEqual([0]);
    expect(answer.errors).toMatchObject([
      { index: 1, code: "SG_EMBEDDING_KIND", message: 'Model "words-small" embeds text, not image' },
    ]);
  });

  test("by address are fetched only where the operator allows it", async () => {
    expect(await refused({ input: { image: "https://example.org/fox.png" } })).toMatchObject({
      status: 403,
      error: { code: "SG_HTTP_DISABLED", type: "permission_error" },
    });
  });
});

describe("a batch with bad items", () => {
  test("of 64 with 3 bad ones gives 61 embeddings in order and 3 errors", async () => {
    const input: unknown[] = Array.from({ length: 64 }, (_, index) => `text ${index}`);
    input[7] = "poison";
    input[20] = { image: "data:image/png;base64,AAAA" };
    input[63] = { picture: "x" };
    const { answer, response } = await embed({ input });
    expect(response.status).toBe(200);
    const good = input.flatMap((_, index) => ([7, 20, 63].includes(index) ? [] : [index]));
    expect(answer.data.map(({ index }) => index)).toEqual(good);
    expect(answer.data.map(({ embedding }) => embedding)).toEqual(good.map((index) => rounded(text(`text ${index}`))));
    expect(answer.errors?.map(({ index, code }) => [index, code])).toEqual([
      [7, "SG_TINY_POISON"],
      [20, "SG_INPUT_UNRECOGNISED"],
      [63, "SG_EMBEDDING_ITEM"],
    ]);
    expect(answer.errors?.[2]).toMatchObject({
      message: "input[63] is an object with picture",
      hint: expect.stringContaining('{"text": "..."}') as string,
    });
    expect(response.headers.get("stargate-coverage")).toContain("item=61/64");
    expect(mostAtOnce()).toBeGreaterThan(30);
  });

  test("has one receipt, of all its runs and its gaps", async () => {
    const { answer, response } = await embed({
      input: ["a b", "poison", "long", { image: await dataUrl(picture(1)) }],
    });
    expect(response.headers.get("stargate-receipt")).toBe(answer.receipt);
    expect(response.headers.get("stargate-degraded")).toContain("the first 2 of 4 characters");
    const receipt = receiptSchema.parse(await (await gateway.fetch(`/v1/receipts/${answer.receipt}`)).json());
    expect(receipt.steps.map(({ id, uses, invocations }) => [id, uses, invocations])).toEqual([
      ["text", "tiny.embed-text@1.0.0", 2],
      ["image", "tiny.embed-image@1.0.0", 1],
    ]);
    expect(receipt.coverage[0]).toEqual({
      measure: "item",
      done: 3,
      of: 4,
      missing: [{ what: "item 1", reason: "SG_TINY_POISON: The text is poison" }],
    });
    expect(receipt.issues).toMatchObject([{ code: "SG_TINY_POISON", item: "item 1" }]);
    expect(answer.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  });

  test("can come in one document with its receipt", async () => {
    const response = await post({ input: "a" }, { accept: "application/vnd.stargate+json" });
    const { output, receipt } = (await response.json()) as { output: unknown; receipt: unknown };
    expect(answerSchema.parse(output).receipt).toBe(receiptSchema.parse(receipt).id);
  });

  test("keeps to itself what is not public", async () => {
    const { answer } = await embed({ input: ["a", "defect"] });
    expect(answer.errors).toMatchObject([{ index: 1, code: "SG_SERVER_INTERNAL" }]);
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });

  test("that are all bad is refused: with the reason they share", async () => {
    expect(await refused({ input: ["poison", "poison"] })).toMatchObject({
      status: 422,
      error: { code: "SG_TINY_POISON", type: "invalid_request_error" },
    });
    expect(await refused({ input: ["a", "b"], dimensions: 9 })).toMatchObject({
      status: 422,
      error: { code: "SG_OPTIONS_INVALID", message: expect.stringContaining("9 dimensions") as string },
    });
  });

  test("that are all bad is refused: with the list when there are several reasons", async () => {
    expect(await refused({ input: ["poison", {}] })).toMatchObject({
      status: 422,
      error: {
        code: "SG_EMBEDDING_NONE",
        message: "None of 2 items could be embedded: SG_TINY_POISON, SG_EMBEDDING_ITEM",
        details: { errors: [{ index: 0 }, { index: 1 }] },
      },
    });
  });

  test("that are all bad may be sent again when that is the server's fault", async () => {
    expect(await refused({ input: ["poison", "busy"] })).toMatchObject({
      status: 503,
      error: { code: "SG_TINY_BUSY", retryable: true },
    });
  });
});

describe("a request that is not one", () => {
  test.for([
    ["no input", {}, "input"],
    ["an empty list", { input: [] }, "input"],
    ["more items than may be", { input: Array.from({ length: 101 }, () => "x") }, "input"],
  ] as const)("with %s is refused", async ([, body, param]) => {
    expect(await refused(body)).toMatchObject({ status: 400, error: { code: "SG_HTTP_BODY", param } });
  });

  test.for([
    ["an unknown field", { input: "x", dimension: 3 }, "dimensions"],
    ["a wrong encoding", { input: "x", encoding_format: "hex" }, "encoding_format"],
    ["no dimensions", { input: "x", dimensions: 0 }, "dimensions"],
  ] as const)("with %s names it", async ([, body, field]) => {
    expect(await refused(body)).toMatchObject({
      status: 400,
      error: { code: "SG_HTTP_BODY", message: expect.stringContaining(field) as string },
    });
  });

  test.for<readonly [string, unknown, string]>([
    ["null", null, "null"],
    ["a number among texts", 5, "a number"],
    ["a list", ["x"], "a list"],
    ["no fields", {}, "an empty object"],
    ["a field too many", { text: "x", audio: "y" }, "an object with text, audio"],
  ])("item: %s", async ([, item, words]) => {
    const { answer } = await embed({ input: ["good", item] });
    expect(answer.errors).toMatchObject([{ index: 1, message: `input[1] is ${words}` }]);
  });

  test("by another method, without JSON or too large is an error of OpenAI's shape", async () => {
    const method = await gateway.fetch("/v1/embeddings");
    expect(method.status).toBe(405);
    expect(method.headers.get("allow")).toBe("POST");
    expect(await method.json()).toMatchObject({ error: { code: "SG_HTTP_METHOD" } });
    const broken = await gateway.fetch("/v1/embeddings", { method: "POST", body: "{" });
    expect(await broken.json()).toMatchObject({ error: { code: "SG_HTTP_BODY", type: "invalid_request_error" } });
  });
});

test("a name in the configuration that no adapter has stops the start", async () => {
  await expect(
    startTestGateway({ pipelines: [], embeddings: { aliases: { mine: "tiny-clop" } } }, [adapter]),
  ).rejects.toMatchObject({
    code: "SG_EMBEDDING_MODEL_UNKNOWN",
    message: expect.stringContaining("tiny-clip") as string,
  });
});

test("a gateway without embedding models says which adapters have some", async () => {
  await using plain = await startTestGateway();
  const response = await plain.fetch("/v1/embeddings", { method: "POST", body: '{"input":"x"}' });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    error: { code: "SG_EMBEDDING_MODEL_UNKNOWN", hint: expect.stringContaining("text, vision") as string },
  });
});
