import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoAdapter } from "./support/demo-adapter.ts";
import { jobIn, type DescribedJob } from "./support/job-client.ts";
import { allEvents } from "./support/read-events.ts";
import { speechAdapter, spokenWav, type SpeechBrake } from "./support/speech-adapter.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

let gateway: TestGateway;
let brake: SpeechBrake;
let client: OpenAI;
const file = (text: string) => toFile(spokenWav(text), "speech.wav");

beforeAll(async () => {
  const speech = speechAdapter();
  ({ brake } = speech);
  const meeting = {
    stargate: 1 as const,
    name: "meeting",
    inputs: { recording: "audio" },
    steps: [
      { kind: "transform" as const, id: "decode", use: "spell.decode", from: "recording" },
      { kind: "transform" as const, id: "write", use: "spell.transcribe", from: "decode" },
    ],
    output: "write",
  };
  gateway = await startTestGateway(
    { pipelines: [{ graph: meeting }], transcription: { aliases: { "whisper-1": "speller" } } },
    [demoAdapter().adapter, speech.adapter],
  );
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => gateway[Symbol.asyncDispose]());

describe("the official client of OpenAI", () => {
  test("gets a transcript, with the seconds that were heard", async () => {
    const { data, response } = await client.audio.transcriptions
      .create({ file: await file("hello world"), model: "speller" })
      .withResponse();
    expect(data).toEqual({ text: "hello world", usage: { type: "duration", seconds: 1.1 } });
    expect(response.headers.get("stargate-coverage")).toContain("second=1.1/1.1");
    const receipt = await gateway.fetch(`/v1/receipts/${response.headers.get("stargate-receipt")}`);
    expect(await receipt.json()).toMatchObject({ pipeline: "transcription", input: { input: { name: "speech.wav" } } });
  });

  test.for([
    ["text", "hi you\n"],
    ["srt", "1\n00:00:00,000 --> 00:00:00,200\nhi\n\n2\n00:00:00,300 --> 00:00:00,600\nyou\n\n"],
    ["vtt", "WEBVTT\n\n00:00.000 --> 00:00.200\nhi\n\n00:00.300 --> 00:00.600\nyou\n\n"],
  ] as const)("gets response_format %s", async ([format, text]) => {
    const form = { file: await file("hi you"), model: "speller", response_format: format };
    expect(await client.audio.transcriptions.create(form)).toBe(text);
  });

  test("gets segments, words, or both, as it asks for", async () => {
    const form = { file: await file("hi you"), model: "speller", response_format: "verbose_json" as const };
    const usual = await client.audio.transcriptions.create(form);
    expect(usual).toMatchObject({ language: "english", duration: 0.6, text: "hi you" });
    expect(usual.segments?.map(({ text, start, end }) => [text, start, end])).toEqual([
      ["hi", 0, 0.2],
      ["you", 0.3, 0.6],
    ]);
    expect(usual.words).toBeUndefined();
    const words = await client.audio.transcriptions.create({ ...form, timestamp_granularities: ["word"] });
    expect(words.words).toEqual([
      { word: "hi", start: 0, end: 0.2 },
      { word: "you", start: 0.3, end: 0.6 },
    ]);
    expect(words.segments).toBeUndefined();
    const both = await client.audio.transcriptions.create({ ...form, timestamp_granularities: ["word", "segment"] });
    expect([both.words?.length, both.segments?.length]).toEqual([2, 2]);
  });

  test("has language, prompt and temperature heeded, and may leave the chunking to the model", async () => {
    const answer = await client.audio.transcriptions.create({
      file: await file("llo"),
      model: "whisper-1",
      language: "de",
      prompt: "ha",
      temperature: 0.4,
      response_format: "verbose_json",
      chunking_strategy: "auto",
    });
    expect(answer).toMatchObject({ text: "hallo", language: "german", segments: [{ temperature: 0.4 }] });
  });

  test("gets translations", async () => {
    const answer = await client.audio.translations.create({ file: await file("hallo"), model: "speller" });
    expect(answer.text).toBe("HALLO");
  });

  test("gets the text piece by piece while it is made", async () => {
    brake.hold();
    const stream = await client.audio.transcriptions.create({
      file: await file("hi you there"),
      model: "speller",
      stream: true,
    });
    const events: OpenAI.Audio.TranscriptionStreamEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      brake.release(); // the rest is only recognised when the first piece has arrived
    }
    expect(events).toEqual([
      { type: "transcript.text.delta", delta: "hi" },
      { type: "transcript.text.delta", delta: " you" },
      { type: "transcript.text.delta", delta: " there" },
      { type: "transcript.text.done", text: "hi you there" },
    ]);
  });

  test("gets an error in the middle of a stream as an error", async () => {
    const stream = await client.audio.transcriptions.create({
      file: await file("hi y!u"),
      model: "speller",
      stream: true,
    });
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: "SG_SPELL_MUMBLED" });
  });

  test("lists the models, those of pipelines and aliases included", async () => {
    const models = await Array.fromAsync(client.models.list());
    expect(models).toMatchObject([
      { id: "speller", object: "model", owned_by: "spell", transcribes: ["transcribe", "translate", "words", "live"] },
      { id: "meeting", owned_by: "pipeline", transcribes: ["transcribe"] },
    ]);
    expect(await client.models.retrieve("whisper-1")).toMatchObject({ id: "whisper-1", owned_by: "spell" });
    await expect(client.models.retrieve("nobody")).rejects.toMatchObject({ status: 404 });
  });

  test("gets what a pipeline of the operator makes", async () => {
    const answer = await client.audio.transcriptions.create({ file: await file("hi"), model: "meeting" });
    expect(answer.text).toBe("hi");
  });

  test.for([
    ["an unknown model", { model: "spellar" }, 404, "SG_TRANSCRIPTION_MODEL_UNKNOWN", "model", "speller"],
    [
      "words without a place for them",
      { timestamp_granularities: ["word"] },
      400,
      "SG_TRANSCRIPTION_FORMAT",
      "timestamp_granularities",
      "verbose_json",
    ],
    [
      "a format that there is not",
      { response_format: "diarized_json" },
      400,
      "SG_TRANSCRIPTION_FORMAT",
      "response_format",
      "verbose_json",
    ],
    [
      "a stream of subtitles",
      { response_format: "srt", stream: true },
      400,
      "SG_TRANSCRIPTION_FORMAT",
      "response_format",
      "json",
    ],
    ["no language at all", { language: "english please" }, 400, "SG_TRANSCRIPTION_FIELD", "language", "ISO 639-1"],
    ["a language that the model does not know", { language: "fr" }, 422, "SG_SPELL_LANGUAGE", null, "en or de"],
    ["a temperature out of range", { temperature: 2 }, 400, "SG_TRANSCRIPTION_FIELD", "temperature", "field"],
    ["probabilities of tokens", { include: ["logprobs"] }, 422, "SG_TRANSCRIPTION_UNSUPPORTED", "include[]", "receipt"],
    [
      "a language of a pipeline that takes none",
      { model: "meeting", language: "en" },
      422,
      "SG_TRANSCRIPTION_UNSUPPORTED",
      "language",
      "model that can",
    ],
  ] as const)("is told what is wrong with %s", async ([, fields, status, code, param, hint]) => {
    const form = { file: await file("hi"), model: "speller", ...fields } as OpenAI.Audio.TranscriptionCreateParams;
    const error = await Promise.resolve(client.audio.transcriptions.create(form)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status, code, param });
    expect((error as { error: { hint: string } }).error.hint).toContain(hint);
  });

  test("is told of files that are none", async () => {
    const send = (content: Blob) =>
      toFile(content, "speech.wav").then((sent) =>
        client.audio.transcriptions.create({ file: sent, model: "speller" }),
      );
    await expect(send(new Blob([]))).rejects.toMatchObject({ status: 400, code: "SG_INPUT_EMPTY" });
    await expect(send(new Blob(["no sound"]))).rejects.toMatchObject({ code: "SG_INPUT_UNRECOGNISED" });
  });
});

describe("an audio endpoint", () => {
  const form = (fields: Readonly<Record<string, string>>, text = "hi you") => {
    const parts = new FormData();
    parts.set("file", spokenWav(text), "speech.wav");
    for (const [name, value] of Object.entries(fields)) parts.set(name, value);
    return parts;
  };
  const post = (body: BodyInit, headers: Record<string, string> = {}, task = "transcriptions") =>
    gateway.fetch(`/v1/audio/${task}`, { method: "POST", body, headers });

  test("takes the operator's model where a request names none", async () => {
    expect(await (await post(form({}))).json()).toMatchObject({ text: "hi you" });
  });

  test("gives the receipt with the whole transcript, or the events of the run, to those who ask", async () => {
    const envelope = await post(form({}), { accept: "application/vnd.stargate+json" });
    expect(await envelope.json()).toMatchObject({ output: { recogniser: { name: "speller" } }, receipt: {} });
    const events = await allEvents(await post(form({}), { accept: "text/event-stream" }));
    expect(events.map(({ name }) => name)).toContain("segment-end");
    expect(events.at(-1)).toMatchObject({ name: "answer", data: { output: { text: "hi you" } } });
  });

  test("makes a job of a request, with the format that was asked for", async () => {
    const response = await post(form({ response_format: "srt" }), { prefer: "respond-async" });
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as DescribedJob;
    const job = await jobIn(gateway.url, id, "succeeded");
    expect(job).toMatchObject({ progress: { measure: "second", done: 0.6 }, partialResults: 2 });
    const result = await gateway.fetch(job.result ?? "");
    const direct = await post(form({ response_format: "srt" }));
    expect(await result.text()).toBe(await direct.text());
    expect(result.headers.get("content-type")).toBe(direct.headers.get("content-type"));
    const vtt = await gateway.fetch(job.result ?? "", { headers: { accept: "text/vtt" } });
    expect(await vtt.text()).toMatch(/^WEBVTT/);
  });

  test("refuses what is no form, no file, a field that it does not know, and a language to translate from", async () => {
    const noFile = new FormData();
    noFile.set("model", "speller");
    const responses = [
      await post("{}", { "content-type": "application/json" }),
      await post(noFile),
      await post(form({ languag: "en" })),
      await post(form({ stream: "yes" })),
      await post(form({ language: "de" }), {}, "translations"),
    ];
    const errors = await Promise.all(
      responses.map(async (response) => {
        const { error } = (await response.json()) as { error: { code: string; message: string } };
        return [response.status, error.code, error.message];
      }),
    );
    expect(errors).toMatchObject(
      [
        [400, "SG_HTTP_BODY", /form-data/],
        [400, "SG_TRANSCRIPTION_FIELD", /`file`/],
        [400, "SG_TRANSCRIPTION_FIELD", /did you mean 'language'/],
        [400, "SG_TRANSCRIPTION_FIELD", /stream/],
        [400, "SG_TRANSCRIPTION_FIELD", /into English/],
      ].map(([status, code, message]) => [status, code, expect.stringMatching(message as RegExp)]),
    );
  });

  test("says that nobody transcribes where nobody does", async () => {
    await using silent = await startTestGateway();
    const response = await fetch(`${silent.url}/v1/audio/transcriptions`, { method: "POST", body: form({}) });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "SG_TRANSCRIPTION_MODEL_UNKNOWN" } });
  });
});
