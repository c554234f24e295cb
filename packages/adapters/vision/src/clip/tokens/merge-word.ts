import { byteLetters } from "./byte-letters.ts";
import { type ClipVocabulary, WORD_END } from "./clip-vocabulary.ts";

const utf8 = new TextEncoder();

/** One piece of a word. */
export interface Piece {
  readonly id: number;
  /** Bytes of the word it stands for. */
  readonly byteLength: number;
}

/**
 * Splits a word into pieces of the vocabulary by byte-pair encoding (arXiv:1508.07909): the neighbours with the lowest
 * rank are merged wherever they stand, from the left, until nothing can be merged. Of a longer word, only the first
 * `maxBytes` are looked at.
 */
export function mergeWord(word: string, { ids, ranks, endId }: ClipVocabulary, maxBytes: number): readonly Piece[] {
  const bytes = utf8.encode(word.slice(0, maxBytes)).subarray(0, maxBytes);
  const texts = Array.from(bytes, (byte) => byteLetters[byte] ?? "");
  const sizes = texts.map(() => 1);
  texts.push(`${texts.pop() ?? ""}${WORD_END}`);
  const rankAt = (index: number): number => ranks.get(`${texts[index]} ${texts[index + 1]}`) ?? Infinity;
  const pairRanks = sizes.map((_, index) => rankAt(index));
  for (let best = lowest(pairRanks); best !== Infinity; best = lowest(pairRanks)) {
    let kept = 0;
    for (let index = 0; index < texts.length; index++, kept++) {
      const isMerged = pairRanks[index] === best;
      texts[kept] = isMerged ? `${texts[index]}${texts[index + 1]}` : (texts[index] ?? "");
      sizes[kept] = isMerged ? (sizes[index] ?? 0) + (sizes[index + 1] ?? 0) : (sizes[index] ?? 0);
      // The pair that a merged piece begins is not known yet; nor is the one before it.
      pairRanks[kept] = isMerged ? UNKNOWN : (pairRanks[index] ?? Infinity);
      if (!isMerged) continue;
      if (kept > 0) pairRanks[kept - 1] = UNKNOWN;
      index += 1;
    }
    texts.length = sizes.length = pairRanks.length = kept;
    for (const [index, rank] of pairRanks.entries()) if (rank === UNKNOWN) pairRanks[index] = rankAt(index);
  }
  // A whole file knows every byte; for one that does not, the end mark stands for the unknown, as in the reference.
  return texts.map((text, index) => ({ id: ids.get(text) ?? endId, byteLength: sizes[index] ?? 0 }));
}

const UNKNOWN = -1;

function lowest(ranks: readonly number[]): number {
  let best = Infinity;
  for (const rank of ranks) if (rank < best) best = rank;
  return best;
}
