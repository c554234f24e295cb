import { fail, parseStrictly, type Tensor, type TensorMap, type TensorSpec } from "@stargate/kernel/backend";
import type { PreparedWhisper } from "./prepared-whisper.ts";
import { type WindowRequest, windowRequestSchema } from "./window-request.ts";
import type { ModelFacts, WindowResult } from "./window-result.ts";

/** The input of Whisper's programs that says what is wanted: JSON (`windowRequestSchema`). */
export const requestSpec: TensorSpec = { name: "request", dtype: "string", shape: [1] };

/** The output of Whisper's programs: JSON for each window (`windowResultSchema`), or of the model (`modelFactsSchema`). */
export const resultsSpec: TensorSpec = { name: "results", dtype: "string", shape: ["windows"] };

/** Throws SG_COMPUTE_INPUT. */
export function parseRequest({ data }: Tensor): WindowRequest {
  try {
    return parseStrictly("The request", windowRequestSchema, JSON.parse(String(data[0])));
  } catch (cause) {
    throw fail("SG_COMPUTE_INPUT", "The request to a Whisper model cannot be read", { cause });
  }
}

export function resultsOf(results: readonly (WindowResult | ModelFacts)[]): TensorMap {
  const data = results.map((result) => JSON.stringify(result));
  return { results: { dtype: "string", shape: [data.length], data } };
}

/** What a model is, for whoever asks for no window. */
export function factsOf({ tokenizer, heads }: PreparedWhisper, mels: number): ModelFacts {
  const { isMultilingual, languages, endOfText } = tokenizer.special;
  return {
    mels,
    endOfText,
    languages: isMultilingual ? languages : ["en"],
    canTranslate: isMultilingual,
    hasWords: heads.length > 0,
  };
}
