/** Pieces by id that make a longer piece. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  /** Id of the longer piece. */
  readonly id: number;
  /** Lower ranks are merged first. */
  readonly rank: number;
}

/**
 * Merges by their two pieces: a hash table with open addressing (Knuth, TAOCP 3, 6.4, algorithm L) in plain arrays, so
 * that it can be made in another thread and handed over, which a Map of 50,000 texts cannot without being made again.
 */
export interface MergeTable {
  /** Left id, right id, id, rank of each place; an empty place has the rank -1. */
  readonly places: Int32Array<ArrayBuffer>;
}

const FIELDS = 4;
const EMPTY = -1;

/** The later one of two merges of the same pieces counts. */
export function createMergeTable(merges: readonly Merge[]): MergeTable {
  const places = new Int32Array(2 ** Math.ceil(Math.log2(merges.length + 1) + 1) * FIELDS).fill(EMPTY);
  for (const { left, right, id, rank } of merges) places.set([left, right, id, rank], placeOf(places, left, right));
  return { places };
}

/** Rank of a merge; Infinity: there is none. */
export function rankOf({ places }: MergeTable, left: number, right: number): number {
  const rank = places[placeOf(places, left, right) + 3] ?? EMPTY;
  return rank === EMPTY ? Infinity : rank;
}

/** Id of what two pieces make that have a rank. */
export function mergedId({ places }: MergeTable, left: number, right: number): number {
  return places[placeOf(places, left, right) + 2] ?? EMPTY;
}

/** Where a merge is, or would be: at least half of the places are empty. */
function placeOf(places: Int32Array, left: number, right: number): number {
  const last = places.length / FIELDS - 1;
  // Multiplicative hashing by the golden ratio (Knuth, TAOCP 3, 6.4).
  const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x9e3779b1);
  for (let place = (hash >>> 8) & last; ; place = (place + 1) & last) {
    const at = place * FIELDS;
    if (places[at + 3] === EMPTY || (places[at] === left && places[at + 1] === right)) return at;
  }
}
