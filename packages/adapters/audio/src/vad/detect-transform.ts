import { defineTransform, many, pcm, type SpeechSegment, speechSegments } from "@stargate/kernel";
import { detectSpeech } from "./detect-speech.ts";
import { sileroModel } from "./silero-model.ts";
import { vadOptionsSchema } from "./vad-options.ts";

/** Where somebody speaks in a recording. Each segment is emitted ("speech-segment") as soon as it is final. */
export const detectTransform = defineTransform({
  id: "audio.detect-speech",
  version: "1.0.0",
  summary: "Where somebody speaks in a recording: start, end and probability of each stretch of speech",
  from: many(pcm),
  to: speechSegments,
  coverage: "reported",
  options: vadOptionsSchema,
  loss: { words: 1, sound: 1 },
  // 0.1 ms per window of 32 ms on one core.
  cost: ({ durationSeconds }) => ({ ms: 4 * Number(durationSeconds ?? 60) }),
  ladder: [{ name: "silero", model: sileroModel.id }],
  async run(input, context) {
    const segments: SpeechSegment[] = [];
    const { options, compute, signal, rung } = context;
    const heard = (seconds: number): void => context.progress(seconds);
    const detection = detectSpeech(input, { options, compute, signal, model: rung.model, heard });
    for (let next = await detection.next(); ; next = await detection.next()) {
      if (next.done === true) {
        const durationSeconds = next.value;
        context.coverage({ done: durationSeconds, of: durationSeconds });
        context.meter({ unit: "audio-second", quantity: durationSeconds });
        return { durationSeconds, detector: rung.model ?? sileroModel.id, segments };
      }
      segments.push(next.value);
      context.emit("speech-segment", next.value);
    }
  },
});
