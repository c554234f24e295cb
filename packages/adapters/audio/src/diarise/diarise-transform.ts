import { defineTask, defineTransform, many, type Pcm, pcm, type RunContext, speakerTurns } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import { speechSound } from "../sound/speech-sound.ts";
import { detectSpeech } from "../vad/detect-speech.ts";
import { vadOptionsSchema } from "../vad/vad-options.ts";
import { absorbRare } from "./clustering/absorb-rare.ts";
import type { MergeInput } from "./clustering/merge-task.ts";
import { createSpeakerClusters, type SpeakerClusters } from "./clustering/speaker-clusters.ts";
import { type DiariseOptions, diariseOptionsSchema, type SpeakerOptions } from "./diarise-options.ts";
import { embedWindows } from "./embed-windows.ts";
import { SPEAKER_MODEL } from "./speaker-model.ts";
import { makeTurns } from "./turns/make-turns.ts";
import { createRecentSound } from "./turns/recent-sound.ts";
import { type SpeechWindow, speechWindows } from "./turns/speech-windows.ts";

const ID = "audio.diarise";

const mergeSimilarTask = defineTask<MergeInput, Int32Array<ArrayBuffer>>({
  base: import.meta.url,
  module: "./clustering/merge-task",
  export: "mergeTask",
});

/** Longer speech is cut, so that its sound need not be held. */
const LONGEST_SPEECH_SECONDS = 30;
/** The longest speech, and twice what the detector hears at a time: what may lie between a sound and the decision on it. */
const HELD_SECONDS = LONGEST_SPEECH_SECONDS + 2 * 20.48 + 2;
/** Windows in one call of the model. */
const BATCH = 16;

type Context = RunContext<DiariseOptions>;

/**
 * Who speaks when: speech, embeddings of the voice in it every 0.75 s, and clusters of those that are alike. One speaker at
 * a time: where people speak at once, the louder one is heard. Held are embeddings, not sound.
 */
export function createDiariseTransform(speakers: SpeakerOptions) {
  return defineTransform({
    id: ID,
    version: "1.0.0",
    summary: "Who speaks when in a recording, by the sound of the voices; needs a speaker embedding model",
    from: many(pcm),
    to: speakerTurns,
    coverage: "reported",
    options: diariseOptionsSchema,
    loss: { words: 1, sound: 1 },
    // A ResNet of 6 million weights on one core; a measured cost replaces it.
    cost: ({ durationSeconds }) => ({ ms: 60 * Number(durationSeconds ?? 60) }),
    ladder: [speakers.model === undefined ? { name: "none" } : { name: SPEAKER_MODEL, model: SPEAKER_MODEL }],
    async run(input, context) {
      if (speakers.model === undefined)
        throw fail("SG_AUDIO_DIARISER_MISSING", "No speaker embedding model is configured", {
          hint: 'Give the audio adapter one: { use: audio, with: { diarise: { model: "/models/speaker.onnx" } } }, or leave the step out.',
        });
      const { spans, clusters, durationSeconds } = await listen(input, speakers, context);
      const labels = await labelsOf(clusters, speakers, context);
      const labelled = spans.map((span, index) => ({ ...span, label: labels[index] ?? 0 }));
      const turns = makeTurns(labelled, context.options);
      context.coverage({ done: durationSeconds, of: durationSeconds });
      context.meter({ unit: "audio-second", quantity: durationSeconds });
      context.disclose({
        model: SPEAKER_MODEL,
        speakers: new Set(turns.map(({ speaker }) => speaker)).size,
        embeddings: spans.length,
      });
      return { durationSeconds, diariser: ID, turns };
    },
  });
}

interface Heard {
  readonly spans: readonly Omit<SpeechWindow, "samples">[];
  readonly clusters: SpeakerClusters;
  readonly durationSeconds: number;
}

async function listen(input: AsyncIterable<Pcm>, speakers: SpeakerOptions, context: Context): Promise<Heard> {
  const { compute, signal, offload } = context;
  const clusters = createSpeakerClusters((groups, limit) => offload(mergeSimilarTask, { groups, limit }, { signal }));
  const recent = createRecentSound(HELD_SECONDS);
  const spans: Omit<SpeechWindow, "samples">[] = [];
  let waiting: SpeechWindow[] = [];
  const embed = async (least: number): Promise<void> => {
    while (waiting.length >= least) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      for (const vector of await embedWindows(batch, { model: SPEAKER_MODEL, compute, signal }))
        await clusters.add(vector);
    }
  };
  const detection = detectSpeech(recent.listen(speechSound(input)), {
    options: vadOptionsSchema.parse({ maxSpeechSeconds: LONGEST_SPEECH_SECONDS }),
    compute,
    signal,
    heard: (seconds) => context.progress(seconds),
  });
  for (;;) {
    const next = await detection.next();
    if (next.done === true) {
      await embed(1);
      return { spans, clusters, durationSeconds: next.value };
    }
    const { startSeconds, endSeconds } = next.value;
    const windows = speechWindows(next.value, recent.between(startSeconds, endSeconds), speakers);
    for (const { samples: _samples, ...span } of windows) spans.push(span);
    waiting.push(...windows);
    await embed(BATCH);
  }
}

async function labelsOf(
  clusters: SpeakerClusters,
  { threshold, hopSeconds }: SpeakerOptions,
  { options }: Context,
): Promise<Int32Array> {
  const { speakers } = options;
  if (speakers !== undefined)
    return (await clusters.end({ threshold: Infinity, most: speakers, fewest: speakers })).labels;
  const found = await clusters.end({ threshold: options.threshold ?? threshold });
  return absorbRare(found, options.minSpeakerSeconds / hopSeconds);
}
