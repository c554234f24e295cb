import { audioOptionsSchema } from "./audio-options.ts";
import { createDecodeTransform } from "./decode/decode-transform.ts";
import { attributeTransform } from "./diarise/attribute/attribute-transform.ts";
import { createDiariseTransform } from "./diarise/diarise-transform.ts";
import { pocketsphinxRecogniser } from "./recognisers/pocketsphinx-recogniser.ts";
import { createTranscribeTransform } from "./transcribe/transcribe-transform.ts";
import { detectTransform } from "./vad/detect-transform.ts";
import { whisperLadder } from "./whisper/whisper-options.ts";

const options = audioOptionsSchema.parse({});

/**
 * The adapter's transforms by verb, typed for the pipeline builder. A pipeline names them; the gate runs those of the
 * adapter it has opened, with its options.
 * @example
 * const sound = pipeline("sound", { recording: audio }, (g, { recording }) => g.step("decode", audioTransforms.decode, recording));
 */
export const audioTransforms = Object.freeze({
  decode: createDecodeTransform(options),
  detectSpeech: detectTransform,
  transcribe: createTranscribeTransform({ models: whisperLadder(options.whisper), offline: pocketsphinxRecogniser }),
  diarise: createDiariseTransform(options.diarise),
  attribute: attributeTransform,
});
