import { describe, expect, test } from "vitest";
import { noise } from "../../test/recordings.ts";
import { plain, silero, transcribe } from "../../test/run-transcribe.ts";
import { parityModel } from "../../test/whisper-parity.ts";
import { findPocketsphinx } from "../native/pocketsphinx.ts";
import { pocketsphinxRecogniser } from "../recognisers/pocketsphinx-recogniser.ts";
import { sileroModel } from "../vad/silero-model.ts";

// Recognisers hear words in everything. What is no speech never reaches them.

const SECONDS = 32; // beyond one window of Whisper
const RATE_HZ = 16_000;
const hasPocketsphinx = (await findPocketsphinx()) !== undefined;

function sound(amplitude: (seconds: number, index: number) => number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: SECONDS * RATE_HZ }, (_, index) => amplitude(index / RATE_HZ, index));
}

const hiss = noise(SECONDS * RATE_HZ, 7, 2);
const whiteNoise = (index: number): number => (hiss[index] ?? 0) / 32_768;

/** A bar of chords that fade, a bass, and a drum on every beat. */
const chords = [
  [261.6, 329.6, 392],
  [220, 261.6, 329.6],
  [174.6, 220, 261.6],
  [196, 246.9, 293.7],
];
function music(seconds: number, index: number): number {
  const chord = chords[Math.floor(seconds / 2) % chords.length] ?? [];
  const fade = Math.exp(-1.5 * (seconds % 2));
  const tones = chord.flatMap((hertz) =>
    [1, 2, 3].map((part) => Math.sin(2 * Math.PI * hertz * part * seconds) / part),
  );
  const beat = seconds % 0.5;
  const drum = 2 * whiteNoise(index) * Math.exp(-40 * beat);
  return 0.12 * fade * tones.reduce((sum, tone) => sum + tone, 0) + 0.1 * Math.sin(2 * Math.PI * 55 * seconds) + drum;
}

const nothing = {
  silence: sound(() => 0),
  "white noise": sound((_, index) => whiteNoise(index)),
  "the hum of a fridge": sound((seconds) => 0.1 * Math.sin(2 * Math.PI * 50 * seconds)),
  music: sound(music),
};

describe.each(Object.keys(nothing) as (keyof typeof nothing)[])("%s is no speech", (name) => {
  test("to Whisper", async (context) => {
    const models = { whisper: parityModel(context), [sileroModel.id]: silero(context) };
    const { value, recorded } = await transcribe(models, nothing[name], { ...plain, vad: true });
    expect([value.text, value.segments, recorded.degradations]).toEqual(["", [], []]);
    expect(recorded.coverage.at(-1)).toEqual({ done: SECONDS, of: SECONDS });
  });

  test("to pocketsphinx", async (context) => {
    context.skip(!hasPocketsphinx, "pocketsphinx is not here: apt-get install pocketsphinx pocketsphinx-en-us");
    const models = { [sileroModel.id]: silero(context) };
    const { value, recorded } = await transcribe(models, nothing[name], {}, { offline: pocketsphinxRecogniser });
    expect([value.text, value.segments, recorded.degradations]).toEqual(["", [], []]);
    expect(recorded.coverage.at(-1)).toEqual({ done: SECONDS, of: SECONDS });
  });
});
