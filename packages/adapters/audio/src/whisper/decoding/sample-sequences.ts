import { type DecoderState, selectStates } from "../model/decoder-state.ts";
import { type Logits, logitsAt } from "../model/whisper-decoder.ts";
import { CONTEXT_TOKENS, type DecodingStart } from "./decoding-start.ts";
import { expBelow, indexOfLargest, largest, logSumExp } from "./log-probabilities.ts";
import type { Random } from "./random.ts";
import type { Sequence } from "./sequence.ts";

export interface SampleOptions {
  /** Rows of the start to go on from, one sequence each; some may come several times. */
  readonly rows: readonly number[];
  /** 0: always the likeliest token. */
  readonly temperature: number;
  readonly random: Random;
}

interface Draft {
  readonly place: number;
  readonly tokens: number[];
  sumLogprob: number;
}

/**
 * Says one token after the other, the likeliest or one by chance (openai/whisper `decoding.py`, GreedyDecoder), for
 * several sequences side by side. One that has ended is not run any further.
 */
export async function sampleSequences(
  start: DecodingStart,
  { rows, temperature, random }: SampleOptions,
): Promise<readonly Sequence[]> {
  const { model, rules, endOfText, maxTokens, signal } = start;
  const drafts = rows.map((_, place): Draft => ({ place, tokens: [], sumLogprob: 0 }));
  let open = drafts;
  let [state, logits] = [selectStates(start.state, rows, false), start.logits];
  let logitRows: readonly number[] = rows;
  for (let step = 0; step < maxTokens && open.length > 0; step++) {
    const ended = new Set<Draft>();
    for (const [index, draft] of open.entries()) {
      const own = lastLogits(logits, logitRows[index] ?? 0, step === 0);
      rules(own, draft.tokens);
      const likeliest = indexOfLargest(own);
      const token = temperature === 0 ? likeliest : drawToken(own, temperature, random);
      draft.sumLogprob += (own[token] ?? 0) - logSumExp(own, 0, own.length, own[likeliest]);
      if (token === endOfText) ended.add(draft);
      else draft.tokens.push(token);
    }
    const kept = open.flatMap((draft, index) => (ended.has(draft) ? [] : [index]));
    open = open.filter((draft) => !ended.has(draft));
    if (open.length === 0 || step + 1 === maxTokens || isFull(state)) break;
    const next = open.map(({ tokens }) => tokens.at(-1) ?? endOfText);
    ({ logits, state } = await model.advance(selectStates(state, kept, false), next, signal));
    logitRows = open.map((_, index) => index);
  }
  return drafts;
}

/**
 * Logits of the last position of a row, for rules to change.
 * @param isShared others begin with the same ones: they get a copy.
 */
export function lastLogits(logits: Logits, row: number, isShared: boolean): Float32Array {
  const own = logitsAt(logits, row, logits.tokens - 1);
  return isShared ? own.slice() : own;
}

/** The reference stops after a step that has made the whole longer than the context. */
export function isFull({ length }: DecoderState): boolean {
  return length >= CONTEXT_TOKENS;
}

/** A token by chance, each as often as its probability at this temperature says. */
function drawToken(logits: Float32Array, temperature: number, random: Random): number {
  const maximum = largest(logits);
  const upTo = new Float64Array(logits.length);
  let sum = 0;
  for (let token = 0; token < logits.length; token++) {
    sum += expBelow(((logits[token] ?? 0) - maximum) / temperature);
    upTo[token] = sum;
  }
  const drawn = random() * sum;
  let token = 0;
  while ((upTo[token] ?? Infinity) <= drawn) token++;
  return token;
}
