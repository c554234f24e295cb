import { fail } from "@stargate/kernel/backend";
import { whisperLanguages } from "./languages.ts";

/** Numbers of the pieces that are no text. */
export interface SpecialTokens {
  readonly isMultilingual: boolean;
  /** Everything from here on is no text. */
  readonly endOfText: number;
  readonly startOfTranscript: number;
  readonly translate: number;
  readonly transcribe: number;
  readonly startOfLanguageModel: number;
  readonly startOfPrevious: number;
  readonly noSpeech: number;
  readonly noTimestamps: number;
  /** 0.00 s; the following ones are 0.02 s apart. */
  readonly timestampBegin: number;
  /** First of the languages, in the order of `languages`. */
  readonly languageBegin: number;
  readonly languages: readonly string[];
}

/** From 0.00 to 30.00 s by 0.02. */
const TIMESTAMPS = 1501;
/** Languages of all models but large-v3 and its kin; the tokens of English-only models list them as well. */
const FIRST_LANGUAGES = 99;
/** Special tokens that are neither languages nor timestamps. */
const OTHERS = 8;

/** "<|en|>" for a special token that stands for a language. */
export function languageOf(token: number, { languages, languageBegin }: SpecialTokens): string | undefined {
  return languages[token - languageBegin];
}

/**
 * The table of special tokens (openai/whisper `tokenizer.py`): they follow the text, so that the size of a model's output
 * tells which of the three tables it has. Throws SG_COMPUTE_MODEL for another size.
 * @param textTokens pieces of the vocabulary file: 50,257, or 50,256 of models for English.
 * @param outputs number of logits.
 */
export function specialTokensOf(textTokens: number, outputs: number): SpecialTokens {
  const languageCount = outputs - textTokens - OTHERS - TIMESTAMPS;
  const isMultilingual = textTokens === 50_257;
  // Models for English have one piece of text less and, for no use, a token for each of the languages.
  const fits = isMultilingual
    ? languageCount === FIRST_LANGUAGES || languageCount === FIRST_LANGUAGES + 1
    : textTokens === 50_256 && languageCount === FIRST_LANGUAGES;
  if (!fits)
    throw fail("SG_COMPUTE_MODEL", `A vocabulary of ${textTokens} pieces does not fit a model of ${outputs} outputs`);
  const afterLanguages = textTokens + 2 + languageCount;
  return {
    isMultilingual,
    endOfText: textTokens,
    startOfTranscript: textTokens + 1,
    languageBegin: textTokens + 2,
    languages: whisperLanguages.slice(0, languageCount),
    translate: afterLanguages,
    transcribe: afterLanguages + 1,
    startOfLanguageModel: afterLanguages + 2,
    startOfPrevious: afterLanguages + 3,
    noSpeech: afterLanguages + 4,
    noTimestamps: afterLanguages + 5,
    timestampBegin: afterLanguages + 6,
  };
}
