import { describe, expect, test } from "vitest";
import { plain, silero, transcribe } from "../../test/run-transcribe.ts";
import { parityModel, readRecording } from "../../test/whisper-parity.ts";
import { findPocketsphinx } from "../native/pocketsphinx.ts";
import { pocketsphinxRecogniser } from "../recognisers/pocketsphinx-recogniser.ts";
import { sileroModel } from "../vad/silero-model.ts";

// Sound that is still being spoken: tenths of a second, and nothing is known of what comes.

const RATE_HZ = 16_000;
const live = { pieceSamples: RATE_HZ / 10 };
const hasPocketsphinx = (await findPocketsphinx()) !== undefined;

describe("live sound gives the transcript of the recording", () => {
  test.for([
    ["everything is listened to", { vad: false }],
    ["speech is looked for", { vad: true }],
    ["words have times", { vad: true, words: true }],
  ] as const)("by Whisper, token for token, where its loudest part comes first: %s", async ([, options], context) => {
    const models = { whisper: parityModel(context), [sileroModel.id]: silero(context) };
    const jfk = readRecording(context, "jfk");
    const samples = new Float32Array(75 * RATE_HZ).map((_, index) => jfk[index % jfk.length] ?? 0);
    const asked = { ...plain, ...options, maxTokens: 16 };
    const offline = await transcribe(models, samples, asked);
    const spoken = await transcribe(models, samples, { ...asked, lookAheadSeconds: 0 }, live);
    expect(spoken.value).toEqual(offline.value);
    expect(offline.value.segments.length).toBeGreaterThan(2);
    const told = ({ recorded }: typeof spoken) => recorded.emitted.map(({ type }) => type);
    expect(told(spoken).slice(0, 2)).toEqual(["segment-start", "segment-delta"]);
    expect(told(offline)).not.toContain("segment-delta");
  });

  test("by pocketsphinx, word for word", async (context) => {
    context.skip(!hasPocketsphinx, "pocketsphinx is not here: apt-get install pocketsphinx pocketsphinx-en-us");
    const models = { [sileroModel.id]: silero(context) };
    const samples = readRecording(context, "jfk").slice(5 * RATE_HZ, 8 * RATE_HZ);
    const sphinx = { offline: pocketsphinxRecogniser };
    const offline = await transcribe(models, samples, { words: true }, sphinx);
    const spoken = await transcribe(models, samples, { words: true, lookAheadSeconds: 0 }, { ...sphinx, ...live });
    expect(spoken.value).toEqual(offline.value);
    expect(offline.value.text).not.toBe("");
  });
});
