import { createFakeClock } from "@stargate/kernel/testing";
import type { StargateError, TensorMap } from "@stargate/kernel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { live, loadModel, sourceOf, strings } from "../test/load-model.ts";
import {
  type Behaviour,
  chatEvents,
  type ProtocolServer,
  startProtocolServer,
  vectorOf,
} from "../test/protocol-server.ts";

let server: ProtocolServer;
beforeAll(async () => {
  server = await startProtocolServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const conversation = [{ role: "user", content: "hello" }];
const whole = chatEvents({ messages: conversation });
const [opening = "", firstWords = ""] = whole;
const chatInputs = { messages: strings(JSON.stringify(conversation)) };
const textInputs = { text: strings("one", "two", "three") };
const audioInputs: TensorMap = { audio: { dtype: "uint8", shape: [4], data: Uint8Array.of(1, 2, 3, 4) } };

/** The outcome of one run of a model whose server behaves like this. */
async function outcome(
  kind: "chat" | "embeddings" | "transcription",
  behaviour: Behaviour,
  settings: object = {},
): Promise<TensorMap | StargateError> {
  const [name, inputs] = {
    chat: ["talker", chatInputs] as const,
    embeddings: ["embedder", textInputs] as const,
    transcription: ["listener", audioInputs] as const,
  }[kind];
  await using model = await loadModel(server.baseUrl, sourceOf(kind, name, settings));
  server.next(behaviour);
  return await model.run(inputs, { signal: live }).catch((error: unknown) => error as StargateError); // the tests look at its code
}

const stream = (data: readonly string[], ending: "end" | "break" = "end"): Behaviour => ({
  kind: "stream",
  data,
  ending,
});
const chunk = (delta: object, finish: string | null = null) =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] });

describe("a streamed answer that is not whole", () => {
  test.for<readonly [string, Behaviour]>([
    ["breaks off in the middle of an event", stream([opening, firstWords], "break")],
    ["breaks off before the first event", stream([], "break")],
    ["ends without a finish_reason", stream([opening, firstWords])],
    ["ends before the first event", stream([])],
    ["says [DONE] without a finish_reason", stream([opening, firstWords, "[DONE]"])],
    [
      "reports an error after the first words",
      stream([opening, firstWords, '{"error":{"message":"CUDA out of memory"}}']),
    ],
    ["is cut inside what is no stream", { kind: "half" }],
  ])("because it %s is a lost host, never an answer", async ([, behaviour]) => {
    expect(await outcome("chat", behaviour)).toMatchObject({ code: "SG_COMPUTE_HOST_LOST", retryable: true });
  });

  test("says what the server said", async () => {
    const error = await outcome("chat", stream([opening, '{"error":{"message":"CUDA out of\\nmemory"}}']));
    expect(error).toMatchObject({ message: 'Server "local" broke off: CUDA out of memory' });
  });
});

describe("a streamed answer that is whole", () => {
  test("needs no [DONE] and no usage", async () => {
    expect(await outcome("chat", stream([firstWords, chunk({}, "stop")]))).toMatchObject({
      text: strings("user:"),
      finish_reason: strings("stop"),
      prompt_tokens: { data: Int32Array.of(-1) },
    });
  });

  test("keeps the reason when the model had to stop early", async () => {
    expect(await outcome("chat", stream([chunk({ content: "and so" }), chunk({}, "length"), "[DONE]"]))).toMatchObject({
      text: strings("and so"),
      finish_reason: strings("length"),
    });
  });

  test("may come in one piece from a server that does not stream", async () => {
    const body = { choices: [{ message: { content: "hi" }, finish_reason: "stop" }], usage: { completion_tokens: 1 } };
    expect(await outcome("chat", { kind: "say", body })).toMatchObject({
      text: strings("hi"),
      completion_tokens: { data: Int32Array.of(1) },
    });
  });
});

describe("embeddings that cannot be right", () => {
  const vectors = (...data: readonly unknown[]): Behaviour => ({ kind: "say", body: { data } });
  const good = (index: number) => ({ index, embedding: [index, 1] });
  test.for<readonly [string, Behaviour, RegExp]>([
    ["are fewer than the texts", vectors(good(0), good(1)), /gives 2 embeddings for 3 texts/],
    ["are more than the texts", vectors(good(0), good(1), good(2), good(3)), /gives 4 embeddings for 3 texts/],
    ["have one number twice", vectors(good(0), good(1), good(1)), /numbers embedding 2 of 3 as 1/],
    ["have a number too high", vectors(good(0), good(1), good(7)), /numbers embedding 2 of 3 as 7/],
    ["have unequal lengths", vectors(good(0), good(1), { embedding: [1, 2, 3] }), /3 values for text 2, where 2/],
    ["are empty", vectors({ embedding: [] }, { embedding: [] }, { embedding: [] }), /without values/],
    [
      "are endless",
      { kind: "say", body: '{"data":[{"embedding":[1e999]},{"embedding":[1]},{"embedding":[1]}]}' },
      /no list|no number/,
    ],
    ["are no base64", vectors({ embedding: "!!!" }, good(1), good(2)), /no float32/],
    ["are base64 of no whole number", vectors({ embedding: "AAAA" }, good(1), good(2)), /no float32/],
    ["hold NaN", vectors({ embedding: nan() }, { embedding: nan() }, { embedding: nan() }), /no number/],
    ["are no list", { kind: "say", body: { object: "list" } }, /no list of embeddings/],
    ["are no JSON", { kind: "say", body: "<html>Bad gateway</html>", contentType: "text/html" }, /no JSON/],
  ])("because they %s are refused, and can be tried elsewhere", async ([, behaviour, message]) => {
    expect(await outcome("embeddings", behaviour)).toMatchObject({
      code: "SG_OPENAI_ANSWER",
      message: expect.stringMatching(message) as string,
      retryable: true,
    });
  });

  test("because they have another length than the settings say are refused", async () => {
    const answer = vectors(good(0), good(1), good(2));
    expect(await outcome("embeddings", answer, { dimensions: 8 })).toMatchObject({
      message: 'Server "local" gives an embedding of 2 values for text 0, where 8 are expected',
    });
  });

  test("because the connection broke before the announced length are a lost host", async () => {
    expect(await outcome("embeddings", { kind: "half" })).toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
  });

  test.for(["embeddings", "transcription"] as const)("%s: an empty answer is no answer", async (kind) => {
    expect(await outcome(kind, { kind: "say", body: {} })).toMatchObject({ code: "SG_OPENAI_ANSWER" });
  });
});

function nan(): string {
  return Buffer.from(Float32Array.of(Number.NaN, 1).buffer).toString("base64");
}

describe("a refusal", () => {
  const status = (code: number, headers: Record<string, string> = {}, body = ""): Behaviour => ({
    kind: "status",
    status: code,
    headers,
    body,
  });
  test.for<readonly [number, Record<string, string>, string, boolean]>([
    [400, {}, "SG_OPENAI_REFUSED", false],
    [401, {}, "SG_OPENAI_KEY", false],
    [404, {}, "SG_OPENAI_REFUSED", false],
    [408, {}, "SG_COMPUTE_HOST_LOST", true],
    [413, {}, "SG_OPENAI_REFUSED", false],
    [429, {}, "SG_COMPUTE_OVERLOADED", true],
    [500, {}, "SG_COMPUTE_HOST_LOST", true],
    [501, {}, "SG_OPENAI_REFUSED", false],
    [502, {}, "SG_COMPUTE_HOST_LOST", true],
    [503, {}, "SG_COMPUTE_HOST_LOST", true],
    [503, { "retry-after": "7" }, "SG_COMPUTE_OVERLOADED", true],
  ])("with %i %o is %s", async ([code, headers, expected, retryable]) => {
    for (const kind of ["chat", "embeddings", "transcription"] as const)
      expect(await outcome(kind, status(code, headers))).toMatchObject({ code: expected, retryable });
  });

  test("with Retry-After says when to come back", async () => {
    expect(await outcome("chat", status(429, { "retry-after": "7" }))).toMatchObject({
      hint: "Send it again in 7 s.",
      details: { server: "local", status: 429, retryAfterSeconds: 7 },
    });
  });

  test.for([
    ['{"error":{"message":"This model takes 512 tokens","code":400}}', "This model takes 512 tokens"],
    ['{"error":"model not loaded"}', "model not loaded"],
    ['{"object":"error","message":"too long"}', "too long"],
    ['{"detail":"Not Found"}', "Not Found"],
    ["plain\r\ntext\u0007", "plain text"],
    ["", "no message"],
    ["x".repeat(1000), `${"x".repeat(300)}...`],
  ])("carries the server's message (%s)", async ([body, message]) => {
    expect(await outcome("embeddings", status(400, {}, body))).toMatchObject({
      message: `Server "local" answers 400: ${message}`,
    });
  });
});

describe("a field a server does not know", () => {
  test("encoding_format: numbers are asked for from then on", async () => {
    await using model = await loadModel(server.baseUrl, sourceOf("embeddings", "embedder"));
    server.next({ kind: "refuse-field", field: "encoding_format" });
    const before = server.seen.length;
    const first = await model.run({ text: strings("one") }, { signal: live });
    await model.run({ text: strings("one") }, { signal: live });
    expect(first["embedding"]?.data).toEqual(Float32Array.from(vectorOf("one")));
    expect(server.seen.slice(before).map(({ body }) => body["encoding_format"])).toEqual(["base64", "float", "float"]);
  });

  test("verbose_json: json is asked for", async () => {
    const before = server.seen.length;
    expect(await outcome("transcription", { kind: "refuse-field", field: "response_format" })).toMatchObject({
      text: strings("heard audio.mp3:4"),
    });
    expect(server.seen.slice(before).map(({ body }) => body["response_format"])).toEqual(["verbose_json", "json"]);
  });
});

describe("a server that hangs up before it answers", () => {
  const hangUp: Behaviour = { kind: "hang-up" };

  test("is asked once more: it may have closed an idle connection", async () => {
    expect(await outcome("embeddings", hangUp)).toMatchObject({ embedding: { shape: [3, 8] } });
  });

  test("twice is lost", async () => {
    await using model = await loadModel(server.baseUrl, sourceOf("chat", "talker"));
    const before = server.seen.length;
    server.next(hangUp, hangUp);
    await expect(model.run(chatInputs, { signal: live })).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
    expect(server.seen.length).toBe(before + 2);
  });
});

describe("a server that falls silent", () => {
  test.for<readonly [string, Behaviour]>([
    ["before its answer", { kind: "silence" }],
    ["inside its answer", { kind: "stream", data: [opening, firstWords], ending: "silence" }],
  ])("%s is lost after the longest silence", async ([, behaviour]) => {
    const clock = createFakeClock();
    await using model = await loadModel(server.baseUrl, sourceOf("chat", "talker"), { clock, stallMs: 500 });
    server.next(behaviour);
    const running = model.run(chatInputs, { signal: live }).catch((error: unknown) => error);
    await server.silent();
    await clock.advance(10_000);
    expect(await running).toMatchObject({
      code: "SG_COMPUTE_HOST_LOST",
      message: 'Server "local" has sent nothing for 500 ms',
    });
    expect(clock.pendingTimers).toBe(0);
  });

  test("is given up at once when the caller gives up, with the caller's reason", async () => {
    await using model = await loadModel(server.baseUrl, sourceOf("chat", "talker"));
    const abort = new AbortController();
    server.next({ kind: "silence" });
    const running = model.run(chatInputs, { signal: abort.signal }).catch((error: unknown) => error);
    await server.silent();
    abort.abort();
    expect(await running).toMatchObject({ code: "SG_RUN_CANCELLED" });
  });
});

describe("what is sent", () => {
  test("parameters of a call win over those of the model, and cannot take the protocol's own fields", async () => {
    const source = sourceOf("chat", "talker", { parameters: { temperature: 1, seed: 5 } });
    await using model = await loadModel(server.baseUrl, source);
    await model.run({ ...chatInputs, parameters: strings('{"temperature":0}') }, { signal: live });
    expect(server.seen.at(-1)?.body).toEqual({
      model: "talker",
      messages: conversation,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      seed: 5,
    });
    await expect(
      model.run({ ...chatInputs, parameters: strings('{"stream":false}') }, { signal: live }),
    ).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT", message: expect.stringContaining('"stream"') as string });
  });

  test.for([
    ["no JSON", "hello"],
    ["no messages", "[]"],
    ["no role", '[{"content":"x"}]'],
  ])("messages with %s are refused", async ([, messages]) => {
    await using model = await loadModel(server.baseUrl, sourceOf("chat", "talker"));
    await expect(model.run({ messages: strings(messages ?? "") }, { signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_INPUT",
    });
  });

  test("no texts ask nothing of the server", async () => {
    await using model = await loadModel(server.baseUrl, sourceOf("embeddings", "embedder", { dimensions: 8 }));
    const before = server.seen.length;
    const { embedding } = await model.run({ text: strings() }, { signal: live });
    expect(embedding).toEqual({ dtype: "float32", shape: [0, 8], data: new Float32Array() });
    expect(server.seen.length).toBe(before);
  });

  test("the dimensions of the settings are asked for", async () => {
    await using model = await loadModel(server.baseUrl, sourceOf("embeddings", "embedder", { dimensions: 4 }));
    const { embedding } = await model.run({ text: strings("one") }, { signal: live });
    expect(embedding).toEqual({ dtype: "float32", shape: [1, 4], data: Float32Array.from(vectorOf("one", 4)) });
  });

  test("no audio is refused", async () => {
    await using model = await loadModel(server.baseUrl, sourceOf("transcription", "listener"));
    const audio = { dtype: "uint8", shape: [0], data: new Uint8Array() } as const;
    await expect(model.run({ audio }, { signal: live })).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT" });
  });
});
