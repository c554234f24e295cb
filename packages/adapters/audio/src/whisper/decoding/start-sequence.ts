import { fail } from "@stargate/kernel/backend";
import type { SpecialTokens } from "../text/special-tokens.ts";
import { CONTEXT_TOKENS } from "./decoding-start.ts";

/** Tokens of a prompt that are kept: its last ones. */
const PROMPT_TOKENS = CONTEXT_TOKENS / 2 - 1;

export interface StartOptions {
  readonly language: string;
  readonly task: "transcribe" | "translate";
}

/** What a transcript begins with: models for English have neither language nor task. Throws SG_COMPUTE_INPUT. */
export function startSequence(special: SpecialTokens, { language, task }: StartOptions): readonly number[] {
  const index = special.languages.indexOf(language);
  if (special.isMultilingual ? index < 0 : language !== "en")
    throw fail("SG_COMPUTE_INPUT", `The model does not know the language "${language}"`);
  if (!special.isMultilingual && task === "translate")
    throw fail("SG_COMPUTE_INPUT", "A model for English alone cannot translate");
  return special.isMultilingual
    ? [special.startOfTranscript, special.languageBegin + index, special[task]]
    : [special.startOfTranscript];
}

/** The prompt before it, as far back as the model can hear. */
export function promptSequence(special: SpecialTokens, prompt: readonly number[]): readonly number[] {
  return prompt.length === 0 ? [] : [special.startOfPrevious, ...prompt.slice(-PROMPT_TOKENS)];
}
