import { decodeText, encodeText } from "./byte-pairs.ts";
import { nonSpeechTokens } from "./non-speech-tokens.ts";
import { type SpecialTokens, specialTokensOf } from "./special-tokens.ts";
import { splitWords, type TokenWord } from "./split-words.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Text to numbers and back, as a Whisper model was taught them. */
export interface WhisperTokenizer {
  readonly special: SpecialTokens;
  /** Never sampled: sounds that are no speech, and special tokens that only a prompt has. */
  readonly suppressed: readonly number[];
  /** Not at the very beginning: nothing but a space, or the end. */
  readonly blank: readonly number[];
  encode(text: string): readonly number[];
  /** Text of the pieces that are text. */
  decode(tokens: readonly number[]): string;
  splitWords(tokens: readonly number[], language: string): readonly TokenWord[];
}

/** Throws SG_COMPUTE_MODEL when the vocabulary is not that of a model with so many outputs. */
export function createWhisperTokenizer(vocabulary: Vocabulary, outputs: number): WhisperTokenizer {
  const special = specialTokensOf(vocabulary.size, outputs);
  const encode = (text: string): readonly number[] => encodeText(text, vocabulary);
  const decode = (tokens: readonly number[]): string =>
    decodeText(
      tokens.filter((token) => token < special.endOfText),
      vocabulary,
    );
  const { transcribe, translate, startOfTranscript, startOfPrevious, startOfLanguageModel, noSpeech } = special;
  return {
    special,
    suppressed: [
      ...nonSpeechTokens(encode),
      transcribe,
      translate,
      startOfTranscript,
      startOfPrevious,
      startOfLanguageModel,
      noSpeech,
    ].toSorted((a, b) => a - b),
    blank: [...encode(" "), special.endOfText],
    encode,
    decode,
    splitWords: (tokens, language) => splitWords(tokens, language, decode),
  };
}
