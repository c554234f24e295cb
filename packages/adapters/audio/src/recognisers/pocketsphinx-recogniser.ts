import type { Pcm, TranscriptSegment } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import { findPocketsphinx, POCKETSPHINX_COMMAND, runPocketsphinx } from "../native/pocketsphinx.ts";
import { SPEECH_RATE_HZ } from "../sound/speech-sound.ts";
import type { Recogniser } from "./recogniser.ts";
import { createSphinxReader, type Utterance } from "./sphinx-lines.ts";

/** Languages of the model that comes with it. */
const LANGUAGE = "en";

/** Silence before the recording, by which the program learns what silence is before somebody speaks. */
const LEAD_SECONDS = 0.5;

/**
 * The lowest rung: CMU pocketsphinx, a program of Debian's, without weights to fetch and without a GPU. It understands
 * clear English, and much of it wrongly; in noise and music it hears words, so what is no speech is to be silenced first.
 */
export const pocketsphinxRecogniser: Recogniser = {
  name: "pocketsphinx",
  quality: 0.2,
  async missing() {
    if ((await findPocketsphinx()) !== undefined) return undefined;
    return {
      message: "pocketsphinx, or its English model, is not on this machine",
      hint: `Run ${POCKETSPHINX_COMMAND}.`,
    };
  },
  async transcribe({ audio, language }, context) {
    if (language !== undefined && language.split("-")[0] !== LANGUAGE)
      throw fail("SG_AUDIO_LANGUAGE", `pocketsphinx understands English ("en") only, and "${language}" was asked for`, {
        hint: 'Ask for language "en", or get a model that knows 99: stargate models pull whisper-base --accept',
      });
    const program = await findPocketsphinx();
    if (program === undefined)
      throw fail("SG_AUDIO_RECOGNISER_MISSING", "pocketsphinx, or its English model, is not on this machine", {
        hint: `Run ${POCKETSPHINX_COMMAND}.`,
      });
    let samples = 0;
    const heard = async function* (): AsyncGenerator<Uint8Array, void, void> {
      yield new Uint8Array(LEAD_SECONDS * SPEECH_RATE_HZ * 2);
      for await (const piece of audio) {
        samples += piece.samples.length;
        yield toInt16(piece);
        context.heard(samples / SPEECH_RATE_HZ);
      }
    };
    const segments: TranscriptSegment[] = [];
    const take = (utterances: readonly Utterance[]): void => {
      for (const words of utterances) {
        const segment = segmentOf(words, samples / SPEECH_RATE_HZ);
        if (segment === undefined) continue;
        segments.push(segment);
        context.segment(segment);
      }
    };
    const reader = createSphinxReader({ beforeSeconds: LEAD_SECONDS });
    for await (const line of runPocketsphinx(program, heard(), context.signal)) take(reader.push(line));
    take(reader.end());
    return { segments, language: LANGUAGE, durationSeconds: samples / SPEECH_RATE_HZ };
  },
};

/** The program fills its last window up, so that a word may seem to end behind the end. */
function segmentOf(utterance: Utterance, endSeconds: number): TranscriptSegment | undefined {
  const words = utterance
    .map((word) => ({ ...word, endSeconds: Math.min(word.endSeconds, endSeconds) }))
    .filter((word) => word.startSeconds < word.endSeconds);
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const logs = words.map(({ probability }) => Math.log(Math.max(probability ?? 0, 1e-6)));
  return {
    startSeconds: first.startSeconds,
    endSeconds: last.endSeconds,
    text: words.map(({ text }) => text).join(" "),
    words,
    avgLogprob: logs.reduce((sum, log) => sum + log, 0) / logs.length,
  };
}

function toInt16({ samples }: Pcm): Uint8Array {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  for (let index = 0; index < samples.length; index++) {
    const value = Math.round((samples[index] ?? 0) * 32_768);
    view.setInt16(index * 2, Math.min(32_767, Math.max(-32_768, value)), true);
  }
  return new Uint8Array(view.buffer);
}
