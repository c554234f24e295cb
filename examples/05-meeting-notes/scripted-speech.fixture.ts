import { audioTransforms } from "@stargate/adapter-audio";
import {
  defineAdapter,
  defineTransform,
  many,
  pcm,
  type SpeakerTurns,
  speakerTurns,
  type Transcript,
  transcript,
} from "@stargate/kernel";
import { z } from "zod";

// In place of the audio adapter, so that the example runs without a model: recordings are really decoded, and whatever
// sound there is, the same is heard, a sentence a second.

const sentences = [
  ["Good morning.", "Ada"],
  ["The roof of Falcon leaks.", "Bo"],
  ["Write to ada@example.org about it.", "Bo"],
  ["I call the roofer on Friday.", "Ada"],
] as const;

async function secondsOf(input: AsyncIterable<{ readonly samples: Float32Array; readonly sampleRateHz: number }>) {
  let seconds = 0;
  for await (const { samples, sampleRateHz } of input) seconds += samples.length / sampleRateHz;
  return seconds;
}

const spans = (durationSeconds: number) =>
  sentences
    .map(([text, speaker], index) => ({ text, speaker, startSeconds: index, endSeconds: index + 1 }))
    .filter(({ endSeconds }) => endSeconds <= durationSeconds);

const transcribe = defineTransform({
  id: "audio.transcribe",
  version: "1.0.0",
  summary: "Hears the same in every recording",
  from: many(pcm),
  to: transcript,
  coverage: "reported",
  options: z.strictObject({ words: z.boolean().default(false) }),
  async run(input, context): Promise<Transcript> {
    const durationSeconds = await secondsOf(input);
    const segments = spans(durationSeconds).map(({ speaker: _speaker, ...segment }) => segment);
    context.coverage({ done: durationSeconds, of: durationSeconds });
    return {
      text: segments.map(({ text }) => text).join(" "),
      language: "en",
      task: "transcribe",
      durationSeconds,
      segments,
      recogniser: { name: "scripted", quality: 1 },
    };
  },
});

const diarise = defineTransform({
  id: "audio.diarise",
  version: "1.0.0",
  summary: "Hears the same people in every recording",
  from: many(pcm),
  to: speakerTurns,
  coverage: "reported",
  async run(input, context): Promise<SpeakerTurns> {
    const durationSeconds = await secondsOf(input);
    context.coverage({ done: durationSeconds, of: durationSeconds });
    const turns = spans(durationSeconds).map(({ text: _text, ...turn }) => turn);
    return { durationSeconds, diariser: "scripted", turns };
  },
});

export default defineAdapter({
  spec: 1,
  id: "audio",
  version: "1.0.0",
  summary: "Scripted speech",
  transforms: [audioTransforms.decode, transcribe, diarise, audioTransforms.attribute],
});
