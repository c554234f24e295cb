import { type Adapter, defineAdapter, parseStrictly } from "@stargate/kernel";
import { checkAudio } from "./audio-check.ts";
import { type AudioOptionsInput, audioOptionsSchema } from "./audio-options.ts";
import { createDecodeTransform } from "./decode/decode-transform.ts";
import { attributeTransform } from "./diarise/attribute/attribute-transform.ts";
import { createDiariseTransform } from "./diarise/diarise-transform.ts";
import { speakerModels } from "./diarise/speaker-model.ts";
import { pocketsphinxRecogniser } from "./recognisers/pocketsphinx-recogniser.ts";
import { createTranscribeTransform } from "./transcribe/transcribe-transform.ts";
import { detectTransform } from "./vad/detect-transform.ts";
import { sileroModel } from "./vad/silero-model.ts";
import { whisperLadder, whisperSpecs } from "./whisper/whisper-options.ts";

/**
 * Any recording in, a timed transcript out. Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({ adapters: [audio()] });
 * const { value } = await gate.run(file, { to: "transcript" });
 */
export function audio(input: AudioOptionsInput = {}): Adapter {
  const options = parseStrictly("Options of the audio adapter", audioOptionsSchema, input);
  return defineAdapter({
    spec: 1,
    id: "audio",
    version: "0.1.0",
    summary: "Any recording in, a timed transcript out: decoding, speech detection, recognition",
    transforms: [
      createDecodeTransform(options),
      detectTransform,
      createTranscribeTransform({
        models: whisperLadder(options.whisper),
        split: options.whisper.split,
        offline: pocketsphinxRecogniser,
      }),
      createDiariseTransform(options.diarise),
      attributeTransform,
    ],
    check: () => checkAudio(options),
    models: [sileroModel, ...whisperSpecs(options.whisper), ...speakerModels(options.diarise)],
  });
}
