import { createPortableHost, type Pcm, type TranscriptSegment } from "@stargate/kernel";
import { createTestContext } from "@stargate/kernel/testing";
import { expect, test, type TestContext } from "vitest";
import { childProcesses } from "../../test/child-processes.ts";
import { inPieces, readJfk } from "../../test/recordings.ts";
import { findPocketsphinx } from "../native/pocketsphinx.ts";
import { detectTransform } from "../vad/detect-transform.ts";
import { pocketsphinxRecogniser } from "./pocketsphinx-recogniser.ts";

const hasProgram = (await findPocketsphinx()) !== undefined;

function start(context: TestContext, audio: AsyncIterable<Pcm>, language?: string) {
  context.skip(!hasProgram, "pocketsphinx is not here: apt-get install pocketsphinx pocketsphinx-en-us");
  const abort = new AbortController();
  const { context: run } = createTestContext(detectTransform, { host: createPortableHost() });
  const segments: TranscriptSegment[] = [];
  const heard: number[] = [];
  const result = pocketsphinxRecogniser.transcribe(
    { audio, language, words: true },
    {
      ...run,
      signal: abort.signal,
      segment: (segment) => void segments.push(segment),
      heard: (seconds) => void heard.push(seconds),
    },
  );
  return { result, abort, segments, heard };
}

const jfk = (context: TestContext) => Float32Array.from(readJfk(context), (value) => value / 32_768);

test("understands real speech, with words in order, each segment before the whole is done", async (context) => {
  const { result, segments, heard } = start(context, inPieces(jfk(context), 16_000), "en-US");
  const recognised = await result;
  expect(recognised.segments.map(({ text }) => text).join(" ")).toContain("what your country can do for you");
  expect([recognised.language, recognised.durationSeconds, heard.at(-1)]).toEqual(["en", 11, 11]);
  expect(segments).toEqual(recognised.segments);
  const words = recognised.segments.flatMap((segment) => segment.words ?? []);
  const times = words.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(words.filter(({ startSeconds, endSeconds }) => startSeconds >= endSeconds)).toEqual([]);
  const country = words.find(({ text, startSeconds }) => text === "country" && startSeconds < 8);
  // By ear in the recording: 5.9-6.4 s.
  expect(country?.startSeconds).toBeGreaterThan(5.7);
  expect(country?.endSeconds).toBeLessThan(6.6);
});

test("finds nothing in silence", async (context) => {
  const { result } = start(context, inPieces(new Float32Array(48_000), 16_000));
  expect(await result).toEqual({ segments: [], language: "en", durationSeconds: 3 });
});

test("refuses a language it does not know", async (context) => {
  const { result } = start(context, inPieces(new Float32Array(0), 16_000), "de");
  await expect(result).rejects.toMatchObject({ code: "SG_AUDIO_LANGUAGE" });
});

test("is gone when the run is cancelled", async (context) => {
  const before = childProcesses(context);
  const { promise: listening, resolve: listens } = Promise.withResolvers<void>();
  const endless = async function* (): AsyncGenerator<Pcm> {
    for await (const piece of inPieces(jfk(context), 16_000)) yield piece;
    listens();
    for (;;) yield { samples: new Float32Array(16_000), sampleRateHz: 16_000, channels: 1, startSeconds: 11 };
  };
  const { result, abort } = start(context, endless());
  void listening.then(() => abort.abort());
  await expect(result).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  expect(childProcesses(context)).toEqual(before);
});

test("passes on what fails before it", async (context) => {
  const failing = async function* (): AsyncGenerator<Pcm> {
    yield { samples: new Float32Array(1600), sampleRateHz: 16_000, channels: 1, startSeconds: 0 };
    throw new RangeError("the source broke");
  };
  await expect(start(context, failing()).result).rejects.toThrow("the source broke");
});
