import type { ComputePlane, SpeakerTurns } from "@stargate/kernel";
import { createPortableHost } from "@stargate/kernel";
import { createTestContext } from "@stargate/kernel/testing";
import { afterAll, describe, expect, test } from "vitest";
import { createOnnxPlane } from "../../../../../test/support/onnx-plane.ts";
import { bandModel, toneModel } from "../../../../../test/support/voice-models.ts";
import { inPieces } from "../../test/recordings.ts";
import { createScriptedPlane } from "../../test/scripted-plane.ts";
import { speakerModelOnDisk, TONES_HZ, voiceSound } from "../../test/speaker-models.ts";
import { type DiariseOptions, speakerOptionsSchema } from "./diarise-options.ts";
import { createDiariseTransform } from "./diarise-transform.ts";
import { SPEAKER_MODEL } from "./speaker-model.ts";

// Speech is what is loud (no tone is speech to Silero); voices are told apart by real models in ONNX Runtime.
const scripted = createScriptedPlane();
const planes = {
  fbank: createOnnxPlane({ [SPEAKER_MODEL]: speakerModelOnDisk("fbank", bandModel()) }),
  samples: createOnnxPlane({ [SPEAKER_MODEL]: speakerModelOnDisk("samples", toneModel(TONES_HZ)) }),
};
afterAll(async () => {
  for (const plane of Object.values(planes)) await plane[Symbol.asyncDispose]();
});

type Part = readonly [voice: number | "silence", seconds: number];

function recording(parts: readonly Part[]): Float32Array<ArrayBuffer> {
  const sounds = parts.map(([voice, seconds]) => voiceSound(voice === "silence" ? undefined : voice, seconds));
  const whole = new Float32Array(sounds.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sound of sounds) {
    whole.set(sound, at);
    at += sound.length;
  }
  return whole;
}

async function diarise(
  input: "fbank" | "samples",
  sound: Float32Array<ArrayBuffer>,
  options: Partial<DiariseOptions> = {},
) {
  const transform = createDiariseTransform(speakerOptionsSchema.parse({ model: "/voices.onnx", input }));
  const compute: ComputePlane = {
    run: (call) => (call.model === SPEAKER_MODEL ? planes[input] : scripted).run(call),
    assets: async () => ({}),
  };
  const { context, recorded } = createTestContext(transform, { host: createPortableHost({ compute }), options });
  return { turns: await transform.run(inPieces(sound, 12_345), context), recorded };
}

const meeting: readonly Part[] = [
  ["silence", 0.5],
  [0, 4],
  ["silence", 1],
  [1, 5],
  ["silence", 1],
  [0, 3],
  [1, 3], // takes over without a pause
  ["silence", 1],
  [2, 4],
];
const spoken = [
  [0.5, 4.5, "Speaker 1"],
  [5.5, 10.5, "Speaker 2"],
  [11.5, 14.5, "Speaker 1"],
  [14.5, 17.5, "Speaker 2"],
  [18.5, 22.5, "Speaker 3"],
] as const;

describe.each(["fbank", "samples"] as const)("speakers by a model that reads %s", (input) => {
  test("have their turns, within half a window", async () => {
    const { turns, recorded } = await diarise(input, recording(meeting));
    expect(turns.turns.map(({ speaker }) => speaker)).toEqual(spoken.map(([, , speaker]) => speaker));
    for (const [index, [start, end]] of spoken.entries()) {
      expect(Math.abs((turns.turns[index]?.startSeconds ?? 0) - start)).toBeLessThan(0.75);
      expect(Math.abs((turns.turns[index]?.endSeconds ?? 0) - end)).toBeLessThan(0.75);
    }
    expect(recorded.coverage.at(-1)).toEqual({ done: 22.5, of: 22.5 });
    expect(recorded.facts).toMatchObject({ speakers: 3, model: SPEAKER_MODEL });
  });

  test("are as many as there are said to be", async () => {
    const { turns } = await diarise(input, recording(meeting), { speakers: 2 });
    expect(speakersOf(turns)).toEqual(["Speaker 1", "Speaker 2"]);
  });
});

test("three minutes without a pause are heard to the end, whatever the detector holds back", async () => {
  const { turns } = await diarise("samples", recording([[0, 90], [1, 90]])); // prettier-ignore
  expect(turns.turns.map(({ speaker }) => speaker)).toEqual(["Speaker 1", "Speaker 2"]);
  expect(turns.turns[1]?.startSeconds).toBeGreaterThan(89);
  expect(turns.turns[1]?.startSeconds).toBeLessThan(91);
  expect(turns.turns[1]?.endSeconds).toBeGreaterThan(179.5);
});

test("a stretch that is too short to be a turn is its neighbour's", async () => {
  const sound = recording([[0, 4], [1, 0.6], [0, 4], ["silence", 1], [1, 3]]); // prettier-ignore
  const { turns } = await diarise("samples", sound, { minTurnSeconds: 1.6 });
  expect(turns.turns.map(({ speaker }) => speaker)).toEqual(["Speaker 1", "Speaker 2"]);
});

test("nobody speaks in silence, and in nothing", async () => {
  expect((await diarise("samples", new Float32Array(32_000))).turns).toEqual({
    durationSeconds: 2,
    diariser: "audio.diarise",
    turns: [],
  });
  expect((await diarise("samples", new Float32Array(0))).turns.durationSeconds).toBe(0);
});

test("without a model there is an error that says what to configure", async () => {
  const transform = createDiariseTransform(speakerOptionsSchema.parse({}));
  const { context } = createTestContext(transform, { host: createPortableHost({ compute: scripted }) });
  await expect(transform.run(inPieces(new Float32Array(16_000), 1000), context)).rejects.toMatchObject({
    code: "SG_AUDIO_DIARISER_MISSING",
    hint: expect.stringContaining("diarise: { model:") as string,
  });
});

function speakersOf({ turns }: SpeakerTurns): string[] {
  return [...new Set(turns.map(({ speaker }) => speaker))];
}
