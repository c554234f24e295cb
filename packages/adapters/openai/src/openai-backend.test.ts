import { describeBackend } from "@stargate/kernel/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchAnything, live, sourceOf, strings } from "../test/load-model.ts";
import { type ProtocolServer, replyOf, startProtocolServer, vectorOf } from "../test/protocol-server.ts";
import { createOpenaiBackend } from "./openai-backend.ts";
import { openaiOptionsSchema } from "./openai-options.ts";

let server: ProtocolServer;
beforeAll(async () => {
  server = await startProtocolServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const baseUrl = () => server.baseUrl;
/** A backend whose host lends a network with every call, as a compute plane does. */
function create(options: object = { servers: { local: { baseUrl: baseUrl() } } }, lent: object = {}) {
  const backend = createOpenaiBackend(openaiOptionsSchema.parse(options));
  return {
    ...backend,
    probe: (given: Parameters<typeof backend.probe>[0]) => backend.probe({ fetch: fetchAnything, ...lent, ...given }),
    load: (source: Parameters<typeof backend.load>[0], given: Parameters<typeof backend.load>[1]) =>
      backend.load(source, { fetch: fetchAnything, ...lent, ...given }),
  };
}

const messages = (content: string) => strings(JSON.stringify([{ role: "user", content }]));
const damaged = sourceOf("embeddings", "no-such-model");

describeBackend("embeddings of an OpenAI-compatible server", {
  create,
  source: sourceOf("embeddings", "embedder"),
  inputs: () => ({ text: strings("one", "two") }),
  otherInputs: () => ({ text: strings("three", "four") }),
  outputs: {
    embedding: { dtype: "float32", shape: [2, 8], data: Float32Array.from([...vectorOf("one"), ...vectorOf("two")]) },
  },
  damaged,
});

describeBackend("chat of an OpenAI-compatible server", {
  create,
  source: sourceOf("chat", "talker"),
  inputs: () => ({ messages: messages("hello"), parameters: strings("{}") }),
  otherInputs: () => ({ messages: messages("good-bye"), parameters: strings("{}") }),
  outputs: {
    text: strings(replyOf([{ role: "user", content: "hello" }]).join("")),
    finish_reason: strings("stop"),
    prompt_tokens: { dtype: "int32", shape: [1], data: Int32Array.of(5) },
    completion_tokens: { dtype: "int32", shape: [1], data: Int32Array.of(7) },
  },
  damaged,
});

const wave = (length: number) => Uint8Array.from({ length }, (_, index) => "RIFF".charCodeAt(index) || 0);
describeBackend("transcription of an OpenAI-compatible server", {
  create,
  source: sourceOf("transcription", "listener"),
  inputs: () => ({ audio: { dtype: "uint8", shape: [64], data: wave(64) }, parameters: strings('{"language":"de"}') }),
  otherInputs: () => ({
    audio: { dtype: "uint8", shape: [64], data: wave(64).fill(0) },
    parameters: strings('{"language":"de"}'),
  }),
  outputs: {
    text: strings("heard audio.wav:64"),
    verbose_json: strings('{"text":"heard audio.wav:64","language":"de","segments":[]}'),
  },
  damaged,
});

describe("servers", () => {
  test("are devices, each with its own state", async () => {
    const dead = { baseUrl: "http://127.0.0.1:9/v1" };
    const { devices } = await create({ servers: { local: { baseUrl: baseUrl() }, dead } }).probe({ signal: live });
    expect(devices).toEqual([
      { id: "local", kind: "remote", available: true },
      {
        id: "dead",
        kind: "remote",
        available: false,
        reason: expect.stringContaining('Server "dead" was lost') as string,
      },
    ]);
  });

  test("without any there is one device, which says what to do", async () => {
    const { devices } = await create({}).probe({ signal: live });
    expect(devices).toEqual([
      { id: "remote", kind: "remote", available: false, reason: expect.stringContaining("no server") as string },
    ]);
  });

  test("that only a model names is used, and is a device from then on", async () => {
    const backend = create({});
    const model = await backend.load(sourceOf("embeddings", "embedder", { baseUrl: `${baseUrl()}/` }), {
      signal: live,
    });
    expect((await backend.probe({ signal: live })).devices.map(({ id, available }) => [id, available])).toEqual([
      [model.device, true],
    ]);
  });

  test("get the key that a secret holds, and a server that refuses it is not available", async () => {
    await using locked = await startProtocolServer({ apiKey: "sk-right" });
    const options = { servers: { locked: { baseUrl: locked.baseUrl, apiKey: "cloud" } } };
    const load = (secret: string | undefined) =>
      create(options, { secret: (name: string) => (name === "cloud" ? secret : undefined) });
    const model = await load("sk-right").load(sourceOf("embeddings", "embedder"), { signal: live });
    await model.run({ text: strings("x") }, { signal: live });
    expect(locked.seen[0]?.headers.authorization).toBe("Bearer sk-right");
    for (const wrong of ["sk-wrong", undefined]) {
      await expect(load(wrong).load(sourceOf("embeddings", "embedder"), { signal: live })).rejects.toMatchObject({
        code: "SG_OPENAI_KEY",
        public: false,
      });
      expect((await load(wrong).probe({ signal: live })).devices[0]).toMatchObject({ id: "locked", available: false });
    }
  });

  test("are asked through the network that is lent, or not at all", async () => {
    const backend = createOpenaiBackend(openaiOptionsSchema.parse({ servers: { local: { baseUrl: baseUrl() } } }));
    await expect(backend.load(sourceOf("chat", "talker"), { signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_UNAVAILABLE",
    });
  });
});

describe("loading a model", () => {
  test("that the server does not list names the nearest", async () => {
    await expect(create().load(sourceOf("chat", "talkr"), { signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_MODEL",
      message: expect.stringMatching(/Server "local" has no model "talkr".*did you mean .talker./) as string,
    });
  });

  test("on another server than its own is refused", async () => {
    const source = sourceOf("chat", "talker", { server: "local" });
    const other = { local: { baseUrl: baseUrl() }, other: { baseUrl: baseUrl() } };
    await expect(create({ servers: other }).load(source, { device: "other", signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_DEVICE",
      message: 'Model "my-talker" is on the server "local", not on "other"',
    });
  });

  test("without a server of its own runs on the one that is asked for", async () => {
    const servers = { first: { baseUrl: "http://127.0.0.1:9/v1" }, second: { baseUrl: baseUrl() } };
    const model = await create({ servers }).load(sourceOf("chat", "talker"), { device: "second", signal: live });
    expect(model.device).toBe("second");
  });

  test("with wrong settings says which", async () => {
    const load = (settings: object) => create().load(sourceOf("chat", "talker", settings), { signal: live });
    await expect(load({ dimension: 3 })).rejects.toMatchObject({
      code: "SG_OPTIONS_INVALID",
      message: expect.stringContaining("did you mean 'dimensions'") as string,
    });
    await expect(load({ server: "a", baseUrl: "http://b/v1" })).rejects.toMatchObject({ code: "SG_OPTIONS_INVALID" });
  });
});

test("closing the backend unloads its models", async () => {
  const backend = create();
  const model = await backend.load(sourceOf("chat", "talker"), { signal: live });
  await backend.close?.();
  await expect(model.run({ messages: messages("x") }, { signal: live })).rejects.toMatchObject({
    code: "SG_COMPUTE_CLOSED",
  });
});
