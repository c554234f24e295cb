import { selectStates } from "../model/decoder-state.ts";
import type { DecodingStart } from "./decoding-start.ts";
import { indicesOfLargest, logSumExp } from "./log-probabilities.ts";
import { isFull, lastLogits } from "./sample-sequences.ts";
import type { Sequence } from "./sequence.ts";

export interface BeamOptions {
  /** Row of the start to go on from. */
  readonly row: number;
  readonly beamSize: number;
  /** Beams times this many sequences must have ended before the search is over (Kasai et al. 2022, arXiv:2204.05424). */
  readonly patience: number;
}

interface Candidate extends Sequence {
  /** Beam it comes from. */
  readonly from: number;
}

/**
 * Follows the likeliest few sequences at once (openai/whisper `decoding.py`, BeamSearchDecoder): each beam offers one more
 * token than there are beams, so that there are enough even when one of them is the end.
 */
export async function searchBeams(
  start: DecodingStart,
  { row, beamSize, patience }: BeamOptions,
): Promise<readonly Sequence[]> {
  const { model, rules, endOfText, maxTokens, signal } = start;
  const enough = Math.round(beamSize * patience);
  const ended: Sequence[] = [];
  let beams: readonly Sequence[] = [{ tokens: [], sumLogprob: 0 }];
  let [state, logits] = [selectStates(start.state, [row], false), start.logits];
  let logitRows: readonly number[] = [row];
  for (let step = 0; step < maxTokens; step++) {
    const candidates = beams.flatMap((beam, from) => {
      const own = lastLogits(logits, logitRows[from] ?? 0, step === 0);
      rules(own, beam.tokens);
      return continuations(beam, from, own, beamSize + 1);
    });
    const { kept, finished } = sortOut(candidates, beamSize, endOfText);
    ended.push(...finished.slice(0, enough - ended.length));
    beams = kept;
    if (ended.length >= enough || kept.length === 0 || step + 1 === maxTokens || isFull(state)) break;
    const sources = kept.map(({ from }) => from);
    const next = kept.map(({ tokens }) => tokens.at(-1) ?? endOfText);
    // All beams listen to the same sound: what was heard is repeated once and then stays where it is.
    ({ logits, state } = await model.advance(selectStates(state, sources, true), next, signal));
    logitRows = kept.map((_, index) => index);
  }
  if (ended.length >= beamSize) return ended;
  const unfinished = beams.toSorted((a, b) => b.sumLogprob - a.sumLogprob);
  return [...ended, ...unfinished.slice(0, beamSize - ended.length)];
}

function continuations(beam: Sequence, from: number, logits: Float32Array, count: number): readonly Candidate[] {
  const total = logSumExp(logits);
  return indicesOfLargest(logits, count)
    .filter((token) => (logits[token] ?? 0) > -Infinity)
    .map((token) => ({
      tokens: [...beam.tokens, token],
      sumLogprob: beam.sumLogprob + (logits[token] ?? 0) - total,
      from,
    }));
}

/** The best beams that go on, and those that ended and are better than the last of them; both best first. */
function sortOut(
  candidates: readonly Candidate[],
  beamSize: number,
  endOfText: number,
): { readonly kept: readonly Candidate[]; readonly finished: readonly Sequence[] } {
  const kept: Candidate[] = [];
  const finished: Sequence[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.sumLogprob - a.sumLogprob)) {
    if (candidate.tokens.at(-1) === endOfText)
      finished.push({ tokens: candidate.tokens.slice(0, -1), sumLogprob: candidate.sumLogprob });
    else kept.push(candidate);
    if (kept.length === beamSize) break;
  }
  return { kept, finished };
}
