import {
  audio,
  createErrorFactory,
  defineAdapter,
  defineTransform,
  many,
  pcm,
  transcript,
  type Adapter,
  type Pcm,
  type Transcript,
} from "@stargate/kernel";
import { z } from "zod";

const fail = createErrorFactory({
  SG_SPELL_LANGUAGE: {
    title: "Language not understood",
    meaning: "The speller spells English and German only.",
    solution: "Ask for one of them.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_SPELL_MUMBLED: {
    title: "Mumbled",
    meaning: "A test wants recognition to fail in the middle.",
    solution: "Speak up.",
    status: 422,
    retryable: false,
    public: true,
  },
});

const SAMPLE_RATE_HZ = 16_000;
/** Seconds of a piece of sound: one letter. */
export const letterSeconds = 0.1;

/** A WAV file (PCM, 16 bit, mono, 16 kHz) that says a text in the alphabet of this adapter: 0.1 s per letter. */
export function spokenWav(text: string): Blob {
  const samples = spokenSamples(text);
  const header = new DataView(new ArrayBuffer(44));
  const ascii = (offset: number, word: string): void => {
    for (let index = 0; index < word.length; index++) header.setUint8(offset + index, word.charCodeAt(index));
  };
  ascii(0, "RIFF");
  header.setUint32(4, 36 + samples.byteLength, true);
  ascii(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, SAMPLE_RATE_HZ, true);
  header.setUint32(28, SAMPLE_RATE_HZ * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  ascii(36, "data");
  header.setUint32(40, samples.byteLength, true);
  return new Blob([header.buffer, samples], { type: "audio/wav" });
}

/** The samples alone. A letter is a stretch of samples with its character code as their value. */
export function spokenSamples(text: string): Int16Array<ArrayBuffer> {
  const perLetter = SAMPLE_RATE_HZ * letterSeconds;
  const samples = new Int16Array(text.length * perLetter);
  for (let index = 0; index < text.length; index++)
    samples.fill(text.charCodeAt(index), index * perLetter, (index + 1) * perLetter);
  return samples;
}

const decode = defineTransform({
  id: "spell.decode",
  version: "1.0.0",
  summary: "A plain WAV file as sound, a letter at a time",
  from: audio,
  to: many(pcm),
  coverage: "whole",
  async *run({ blob }) {
    const samples = new Int16Array(await blob.slice(44).arrayBuffer());
    const perLetter = SAMPLE_RATE_HZ * letterSeconds;
    for (let start = 0; start < samples.length; start += perLetter)
      yield {
        samples: Float32Array.from(samples.subarray(start, start + perLetter), (sample) => sample / 32_768),
        sampleRateHz: SAMPLE_RATE_HZ,
        channels: 1,
        startSeconds: start / SAMPLE_RATE_HZ,
      } satisfies Pcm;
  },
});

/** Lets a test hold a recognition open after its first word. */
export interface SpeechBrake {
  hold(): void;
  release(): void;
}

/**
 * A recogniser for tests: it spells what `spokenWav` says, one segment per word, and tells of each as it is final.
 * "!" in a text makes it fail there.
 */
export function speechAdapter(): { readonly adapter: Adapter; readonly brake: SpeechBrake } {
  let held = Promise.withResolvers<void>();
  held.resolve();
  const transcribe = defineTransform({
    id: "spell.transcribe",
    version: "1.0.0",
    summary: "Spells",
    from: many(pcm),
    to: transcript,
    coverage: "reported",
    ladder: [{ name: "speller" }],
    options: z.strictObject({
      language: z.string().optional(),
      task: z.enum(["transcribe", "translate"]).default("transcribe"),
      words: z.boolean().default(false),
      prompt: z.string().default(""),
      temperature: z.number().default(0),
      lookAheadSeconds: z.number().default(2),
    }),
    async run(input, ctx): Promise<Transcript> {
      const { language = "en", task, words, prompt, temperature } = ctx.options;
      if (!/^(?:en|de)$/.test(language))
        throw fail("SG_SPELL_LANGUAGE", `The language is "${language}"`, { hint: "Send en or de." });
      const segments: Transcript["segments"][number][] = [];
      let word = prompt;
      let wordStart = 0;
      let seconds = 0;
      const end = async (): Promise<void> => {
        if (word === "") return;
        const text = task === "translate" ? word.toUpperCase() : word;
        const span = { startSeconds: wordStart, endSeconds: seconds };
        const segment = { ...span, text, temperature, ...(words && { words: [{ ...span, text }] }) };
        segments.push(segment);
        ctx.emit("segment-end", segment);
        word = "";
        await held.promise;
      };
      for await (const letters of lettersOf(input)) {
        for (const letter of letters) {
          if (letter === "!") throw fail("SG_SPELL_MUMBLED", "Nobody can spell this");
          if (letter === " ") await end();
          else {
            if (word === "") {
              wordStart = seconds;
              ctx.emit("segment-start", { startSeconds: seconds });
            }
            word += letter;
            ctx.emit("segment-delta", { text: word });
          }
          seconds = Math.round((seconds + letterSeconds) * 10) / 10;
          ctx.progress(seconds);
        }
      }
      await end();
      ctx.coverage({ done: seconds, of: seconds });
      return {
        text: segments.map(({ text }) => text).join(" "),
        language,
        task,
        durationSeconds: seconds,
        segments,
        recogniser: { name: "speller", quality: 1 },
      };
    },
  });
  const adapter = defineAdapter({
    spec: 1,
    id: "spell",
    version: "1.0.0",
    summary: "Speech for tests",
    transforms: [decode, transcribe],
  });
  return {
    adapter,
    brake: {
      hold: () => void (held = Promise.withResolvers<void>()),
      release: () => held.resolve(),
    },
  };
}

/** Pieces may have any length: every 0.1 s of them is a letter. */
async function* lettersOf(pieces: AsyncIterable<Pcm>): AsyncGenerator<readonly string[]> {
  const perLetter = SAMPLE_RATE_HZ * letterSeconds;
  let heard = 0;
  for await (const { samples } of pieces) {
    const letters: string[] = [];
    for (let at = (perLetter - (heard % perLetter)) % perLetter; at < samples.length; at += perLetter)
      letters.push(String.fromCharCode(Math.round((samples[at] ?? 0) * 32_768)));
    heard += samples.length;
    yield letters;
  }
}
