import { createPortableHost, openGate, type Transcript } from "@stargate/kernel";
import { describeAdapter } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { fetchAnything, live } from "../test/load-model.ts";
import { planeOf } from "../test/one-backend-plane.ts";
import { chatEvents, replyOf, startProtocolServer, vectorOf } from "../test/protocol-server.ts";
import openai from "./index.ts";

const server = await startProtocolServer();
const create = () =>
  openai({
    servers: { local: { baseUrl: server.baseUrl } },
    models: {
      embedder: { server: "local", model: "embedder", kind: "embeddings", dimensions: 8 },
      talker: { server: "local", model: "talker", kind: "chat" },
      listener: { server: "local", model: "listener", kind: "transcription" },
    },
  });
const said: Transcript = {
  text: "Ask not.",
  language: "en",
  task: "transcribe",
  durationSeconds: 3,
  segments: [{ startSeconds: 0.5, endSeconds: 2, text: " Ask not." }],
  recogniser: { name: "test", quality: 1 },
};
const host = createPortableHost({ compute: planeOf(create()) });

describeAdapter("openai", {
  create,
  host,
  soakRuns: 5,
  cases: [
    {
      name: "a question",
      transform: "openai.chat",
      input: () => "Why?",
      options: { system: "Be brief.", temperature: 0, maxTokens: 20 },
      expect: (output) =>
        expect(output).toBe(
          replyOf([
            { role: "system", content: "Be brief." },
            { role: "user", content: "Why?" },
          ]).join(""),
        ),
    },
    {
      name: "a recording",
      transform: "openai.summarise",
      input: () => said,
      options: { prompt: "In one line." },
      coverage: { done: 3, of: 3 },
      expect: (output) => expect(output).toContain("user: [00:00:00] Ask not."),
    },
    {
      name: "a recording in which nobody speaks",
      transform: "openai.summarise",
      input: () => ({ ...said, text: "", segments: [] }),
      coverage: { done: 3, of: 3 },
      expect: (output) => expect(output).toBe(""),
    },
    {
      name: "a text",
      transform: "openai.summarise-text",
      input: () => "Ask not.",
      coverage: { done: 8, of: 8 },
      expect: (output) => expect(output).toContain("user: Ask not."),
    },
    {
      name: "a text",
      transform: "openai.embed",
      input: () => "one",
      expect: (output) => {
        const length = Math.hypot(...vectorOf("one"));
        expect(output).toEqual({
          model: "embedder",
          dimensions: 8,
          normalized: true,
          vector: Float32Array.from(vectorOf("one"), (value) => value / length),
        });
      },
    },
  ],
  badInputs: [
    {
      name: "no room to read",
      transform: "openai.summarise-text",
      input: () => "Ask not.",
      options: { contextTokens: 1024, answerTokens: 900 },
      code: "SG_OPTIONS_INVALID",
    },
  ],
});

test("a gate embeds text with it, and its receipt says on which server", async () => {
  await using gate = await openGate({ adapters: [create()], host });
  const { receipt } = await gate.run("one", { to: "embedding" });
  expect(receipt.steps[0]?.models).toMatchObject([{ model: "embedder", backend: "openai", device: "local" }]);
});

test("an answer that the model did not finish is announced, and tokens are metered", async () => {
  await using gate = await openGate({ adapters: [create()], host });
  const graph = {
    stargate: 1,
    name: "ask",
    inputs: { question: "text" },
    steps: [{ kind: "transform", id: "chat", use: "openai.chat", from: "question" }],
    output: "chat",
  } as const;
  const events = chatEvents({ messages: [] }).map((data) => data.replace('"stop"', '"length"'));
  server.next({ kind: "stream", data: events, ending: "end" });
  const { receipt } = await gate.run("one", { pipeline: graph });
  expect(receipt.degradations).toEqual([
    { step: "chat", what: "incomplete answer", reason: 'the model stopped because of "length"' },
  ]);
  expect(receipt.meter).toEqual([
    { step: "chat", unit: "input tokens", quantity: 5 },
    { step: "chat", unit: "output tokens", quantity: 7 },
  ]);
});

test("a server that only a model names is a device before the model is loaded, and the model is bound to it", async () => {
  const baseUrl = "http://127.0.0.1:9/v1";
  const { backends, models } = openai({
    servers: { named: { baseUrl: "http://127.0.0.1:8/v1" } },
    models: {
      first: { model: "m", kind: "chat", baseUrl },
      second: { model: "n", kind: "chat", baseUrl: `${baseUrl}/` },
      third: { model: "o", kind: "chat", baseUrl: "http://127.0.0.1:8/v1" },
    },
  });
  const { devices } = (await backends[0]?.probe({ signal: live, fetch: fetchAnything })) ?? { devices: [] };
  expect(devices.map(({ id }) => id)).toEqual(["named", "127.0.0.1:9/v1"]);
  expect(models.map(({ settings }) => settings?.["server"])).toEqual(["127.0.0.1:9/v1", "127.0.0.1:9/v1", "named"]);
});

test("without models it brings the backend alone", () => {
  const { transforms, models, backends } = openai();
  expect([transforms.length, models.length, backends.map(({ id }) => id)]).toEqual([0, 0, ["openai"]]);
});

test("an unknown option is refused, with the nearest one", () => {
  expect(() => openai({ server: {} } as never)).toThrow(
    expect.objectContaining({
      code: "SG_OPTIONS_INVALID",
      message: expect.stringContaining("did you mean 'servers'?"),
    }),
  );
});

test("a model without an address is refused with its place", () => {
  expect(() => openai({ models: { m: { model: "m", kind: "chat", baseUrl: "localhost:1" } } })).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/models\.m\.baseUrl: .*http:/) }),
  );
});
