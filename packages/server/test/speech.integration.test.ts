import { readFileSync } from "node:fs";
import audio from "@stargate/adapter-audio";
import type { Transcript } from "@stargate/kernel";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, expect, test, type TestContext } from "vitest";
import { sharedFile } from "../../../test/support/shared-files.ts";
import { openLive } from "./support/live-client.ts";
import { startTestGateway, type TestGateway } from "./support/test-gateway.ts";

// Real speech through a real recogniser (pocketsphinx, from Debian) behind the gateway's endpoints.

const SAMPLE_RATE_HZ = 16_000;
const HEADER_BYTES = 44;
const PHRASE = "what your country can do for you";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ pipelines: [] }, [audio()]);
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Some seconds of the recording as bytes of 16-bit samples. */
function speech(context: TestContext, [fromSeconds, toSeconds]: readonly [number, number]): Buffer<ArrayBuffer> {
  const file = readFileSync(sharedFile(context, "samples/jfk.wav"));
  const data = file.indexOf("data") + 8;
  const at = (seconds: number): number => data + Math.round(seconds * SAMPLE_RATE_HZ) * 2;
  return Buffer.from(file.subarray(at(fromSeconds), at(toSeconds)));
}

function asWav(samples: Buffer<ArrayBuffer>): Blob {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("RIFF", 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + samples.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length, 40);
  return new Blob([header, samples], { type: "audio/wav" });
}

/** Skips where there is no recogniser; the gateway says so itself. */
function skipWithout(context: TestContext, code: unknown): void {
  context.skip(
    code === "SG_AUDIO_RECOGNISER_MISSING",
    "pocketsphinx is not here: apt-get install pocketsphinx pocketsphinx-en-us",
  );
}

test("the official client of OpenAI gets real speech piece by piece", { timeout: 120_000 }, async (context) => {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
  const file = await toFile(asWav(speech(context, [0, 11])), "jfk.wav");
  const [model] = await Array.fromAsync(client.models.list());
  const stream = await client.audio.transcriptions.create({ file, model: model?.id ?? "", stream: true });
  const events = await Array.fromAsync(stream).catch((error: unknown) => {
    skipWithout(context, (error as { code?: unknown }).code);
    throw error;
  });
  const text = events.flatMap((event) => (event.type === "transcript.text.delta" ? [event.delta] : [])).join("");
  expect(text).toContain(PHRASE);
  expect(events.at(-1)).toEqual({ type: "transcript.text.done", text });
});

test(
  "live speech gives the transcript of the recording, and the answer says who recognised it",
  { timeout: 120_000 },
  async (context) => {
    const sound = speech(context, [5.1, 8]);
    const recording = await gateway.fetch("/v1/convert?to=transcript", { method: "POST", body: asWav(sound) });
    const offline = (await recording.json()) as Transcript & { readonly code?: string };
    skipWithout(context, offline.code);
    expect(offline.recogniser.name).toBe("pocketsphinx");
    expect(recording.headers.get("stargate-degraded")).toContain('"pocketsphinx"');
    expect(recording.headers.get("stargate-coverage")).toContain("second=2.9/2.9");

    const { socket, event, events } = await openLive(gateway.url, "/v1/audio/live?words=true");
    for (let start = 0; start < sound.length; start += 6400) socket.send(sound.subarray(start, start + 6400));
    socket.send('{"type":"end"}');
    const answer = await event("answer");
    const live = answer["output"] as Transcript;
    expect(live.text).toBe(offline.text);
    expect(live.segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(
      offline.segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]),
    );
    expect(events.filter(({ type }) => type === "segment-end").map(({ data }) => data)).toEqual(live.segments);
    expect(answer["live"]).toMatchObject({ segments: live.segments.length });
  },
);
