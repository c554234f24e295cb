import type { Tensor } from "@stargate/kernel";
import type { DecodingStart } from "../src/whisper/decoding/decoding-start.ts";
import { createLogitRules } from "../src/whisper/decoding/logit-rules.ts";
import type { Logits } from "../src/whisper/model/whisper-decoder.ts";
import type { SpecialTokens } from "../src/whisper/text/special-tokens.ts";

/** A vocabulary small enough to read: text 0-9, special tokens, timestamps from 0.00 to 2.00 s. */
export const special: SpecialTokens = {
  isMultilingual: true,
  endOfText: 10,
  startOfTranscript: 11,
  languageBegin: 12,
  languages: ["en", "zh"],
  translate: 14,
  transcribe: 15,
  startOfLanguageModel: 16,
  startOfPrevious: 17,
  noSpeech: 18,
  noTimestamps: 19,
  timestampBegin: 20,
};
export const VOCABULARY = 20 + 101;
export const END = special.endOfText;
/** Token of a timestamp. */
export const at = (seconds: number): number => special.timestampBegin + Math.round(seconds / 0.02);

export const tokens = { special, suppressed: [9, 11, 14, 15, 16, 17, 18], blank: [0, END] };

/** Logits of what may come next: a token that is sure, or several with their logits; all others are far below. */
export type Script = (said: readonly number[], row: number) => number | Readonly<Record<number, number>>;

export function logitsFor(next: ReturnType<Script>): Float32Array<ArrayBuffer> {
  const logits = new Float32Array(VOCABULARY).fill(-20);
  for (const [token, logit] of typeof next === "number" ? [[next, 20]] : Object.entries(next))
    logits[Number(token)] = Number(logit);
  return logits;
}

/** A decoder that follows a script: its caches are the tokens themselves, so that lost or mixed up caches show. */
export function scriptedStart(script: Script, options: Partial<DecodingStart> & { readonly rows?: number } = {}) {
  const { rows = 1, ...rest } = options;
  const steps: number[] = [];
  const logitsOf = (said: readonly (readonly number[])[], places: readonly number[]): Logits => ({
    values: Float32Array.from(said.flatMap((one, index) => [...logitsFor(script(one, places[index] ?? 0))])),
    tokens: 1,
    vocabulary: VOCABULARY,
  });
  const cache = (values: readonly (readonly number[])[]) => ({
    dtype: "float32" as const,
    shape: [values.length, 1, values[0]?.length ?? 0, 1],
    data: Float32Array.from(values.flat()),
  });
  const rowsOf = (tensor: Tensor | undefined): number[][] => {
    const [count = 0, , length = 0] = tensor?.shape ?? [];
    const data = Array.from(tensor?.data ?? [], Number);
    return Array.from({ length: count }, (_, row) => data.slice(row * length, (row + 1) * length));
  };
  const none = Array.from({ length: rows }, () => []);
  const all = Array.from({ length: rows }, (_, row) => row);
  const start: DecodingStart = {
    model: {
      advance: async (state, next) => {
        steps.push(next.length);
        const said = rowsOf(state.own["said"]).map((one, row) => [...one, next[row] ?? END]);
        const places = rowsOf(state.cross["place"]).map(([place = 0]) => place);
        return {
          logits: logitsOf(said, places),
          state: { ...state, length: state.length + 1, own: { said: cache(said) } },
        };
      },
    },
    state: {
      rows,
      length: 3,
      hidden: { dtype: "float32", shape: [rows, 1], data: new Float32Array(rows) },
      own: { said: cache(none) },
      cross: { place: cache(all.map((place) => [place])) },
    },
    logits: logitsOf(none, all),
    rules: createLogitRules(tokens, { timestamps: false, maxInitialTimestamp: 50 }),
    endOfText: END,
    maxTokens: 20,
    signal: new AbortController().signal,
    ...rest,
  };
  return { start, steps };
}
