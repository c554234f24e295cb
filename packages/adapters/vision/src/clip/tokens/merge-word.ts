import type { ClipVocabulary } from "./clip-vocabulary.ts";
import { mergedId, rankOf } from "./merge-table.ts";

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
export function mergeWord(
  word: string,
  { byteIds, merges, endId }: ClipVocabulary,
  maxBytes: number,
): readonly Piece[] {
  const bytes = utf8.encode(word.slice(0, maxBytes)).subarray(0, maxBytes);
  const last = bytes.length - 1;
  const ids = Array.from(bytes, (byte, index) => byteIds[index === last ? byte + 256 : byte] ?? -1);
  const sizes = ids.map(() => 1);
  const rankAt = (index: number): number => rankOf(merges, ids[index] ?? -1, ids[index + 1] ?? -1);
  const ranks = ids.map((_, index) => rankAt(index));
  for (let best = lowest(ranks); best !== Infinity; best = lowest(ranks)) {
    let kept = 0;
    for (let index = 0; index < ids.length; index++, kept++) {
      const isMerged = ranks[index] === best;
      const id = ids[index] ?? -1;
      ids[kept] = isMerged ? mergedId(merges, id, ids[index + 1] ?? -1) : id;
      sizes[kept] = (sizes[index] ?? 0) + (isMerged ? (sizes[index + 1] ?? 0) : 0);
      // The pair that a merged piece begins is not known yet; nor is the one before it.
      ranks[kept] = isMerged ? UNKNOWN : (ranks[index] ?? Infinity);
      if (!isMerged) continue;
      if (kept > 0) ranks[kept - 1] = UNKNOWN;
      index += 1;
    }
    ids.length = sizes.length = ranks.length = kept;
    for (const [index, rank] of ranks.entries()) if (rank === UNKNOWN) ranks[index] = rankAt(index);
  }
  // A whole file knows every byte; for one that does not, the end mark stands for the unknown, as in the reference.
  return ids.map((id, index) => ({ id: id < 0 ? endId : id, byteLength: sizes[index] ?? 0 }));
}

const UNKNOWN = -1;

function lowest(ranks: readonly number[]): number {
  let best = Infinity;
  for (const rank of ranks) if (rank < best) best = rank;
  return best;
}
