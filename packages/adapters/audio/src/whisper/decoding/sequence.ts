/** What a model has said, and how sure it was. */
export interface Sequence {
  /** Without prompt and end of text. */
  readonly tokens: readonly number[];
  /** Sum of the log-probabilities of the tokens, and of the end when it was said. */
  readonly sumLogprob: number;
}

/** Mean log-probability of a token, the end counted as one (openai/whisper `decoding.py`). */
export function averageLogprob({ tokens, sumLogprob }: Sequence): number {
  return sumLogprob / (tokens.length + 1);
}

/**
 * The likeliest sequence for its length: sum by length, or by Google's penalty when there is one (Wu et al. 2016,
 * "Google's Neural Machine Translation System", equation 14).
 */
export function bestSequence(sequences: readonly Sequence[], lengthPenalty: number | undefined): Sequence {
  const score = ({ tokens, sumLogprob }: Sequence): number =>
    sumLogprob / (lengthPenalty === undefined ? tokens.length || 1 : ((5 + tokens.length) / 6) ** lengthPenalty);
  return sequences.reduce((best, sequence) => (score(sequence) > score(best) ? sequence : best));
}
