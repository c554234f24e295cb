import type { WhisperTokenizer } from "../text/whisper-tokenizer.ts";
import { logSumExp, reaches } from "./log-probabilities.ts";

/** Timestamps are so far apart. */
export const TIMESTAMP_SECONDS = 0.02;

export interface LogitRuleOptions {
  readonly timestamps: boolean;
  /** The first timestamp may lie so many steps after the beginning. */
  readonly maxInitialTimestamp: number;
}

/** Makes tokens that may not come next impossible: sets their logits to -Infinity, in place. */
export type LogitRules = (logits: Float32Array, sampled: readonly number[]) => void;

/**
 * What may follow what (openai/whisper `decoding.py`: SuppressBlank, SuppressTokens, ApplyTimestampRules).
 * `sampled` are the tokens that the model has said so far, without its prompt.
 */
export function createLogitRules(
  { special, suppressed, blank }: Pick<WhisperTokenizer, "special" | "suppressed" | "blank">,
  { timestamps, maxInitialTimestamp }: LogitRuleOptions,
): LogitRules {
  const forbid = (logits: Float32Array, tokens: readonly number[]): void => {
    for (const token of tokens) logits[token] = -Infinity;
  };
  const { noTimestamps, timestampBegin, endOfText } = special;
  return (logits, sampled) => {
    if (sampled.length === 0) forbid(logits, blank);
    forbid(logits, suppressed);
    if (!timestamps) return;
    forbid(logits, [noTimestamps]);
    applyPairs(logits, sampled, { timestampBegin, endOfText });
    if (sampled.length === 0) {
      logits.fill(-Infinity, 0, timestampBegin);
      logits.fill(-Infinity, timestampBegin + maxInitialTimestamp + 1);
    }
    preferTimestamps(logits, timestampBegin);
  };
}

/** Timestamps come in pairs, except before the end, and each but the second of a pair is later than the one before. */
function applyPairs(
  logits: Float32Array,
  sampled: readonly number[],
  { timestampBegin, endOfText }: { readonly timestampBegin: number; readonly endOfText: number },
): void {
  const isTimestamp = (token: number | undefined): boolean => token !== undefined && token >= timestampBegin;
  const isLast = isTimestamp(sampled.at(-1));
  const isBefore = sampled.length < 2 || isTimestamp(sampled.at(-2));
  if (isLast && isBefore) logits.fill(-Infinity, timestampBegin);
  if (isLast && !isBefore) logits.fill(-Infinity, 0, endOfText);
  const latest = sampled.findLast(isTimestamp);
  if (latest === undefined) return;
  const completesPair = isLast && !isBefore;
  logits.fill(-Infinity, timestampBegin, completesPair ? latest : latest + 1);
}

/** When some timestamp is likelier than the likeliest text, it is a timestamp. */
function preferTimestamps(logits: Float32Array, timestampBegin: number): void {
  const timestamps = logSumExp(logits, timestampBegin);
  if (timestamps > -Infinity && !reaches(logits, timestamps, 0, timestampBegin))
    logits.fill(-Infinity, 0, timestampBegin);
}
