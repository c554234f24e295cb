import { seededRandom, type SeededRandom } from "@stargate/kernel/testing";

/** Draws of the distributions that worlds and traces are made of. */
export interface Draws extends SeededRandom {
  normal(): number;
  exponential(mean: number): number;
  logNormal(deviation: number): number;
}

export function createDraws(seed: number): Draws {
  const random = seededRandom(seed);
  // Box and Muller 1958; 1 - next() is never 0.
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return {
    ...random,
    normal,
    exponential: (mean) => -mean * Math.log(1 - random.next()),
    logNormal: (deviation) => Math.exp(deviation * normal() - (deviation * deviation) / 2),
  };
}

/** A standard normal number that belongs to these whole numbers: the same whoever asks, and in whatever order. */
export function normalOf(seed: number, ...keys: readonly number[]): number {
  let hash = seed | 0;
  for (const key of keys) hash = mix(hash ^ Math.imul(key + 1, 0x9e3779b1));
  const first = (mix(hash) >>> 0) / 2 ** 32;
  const second = (mix(hash ^ 0x5bd1e995) >>> 0) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}

/** Uniform in [0, 1), as `normalOf`. */
export function uniformOf(seed: number, ...keys: readonly number[]): number {
  let hash = seed ^ 0x2545f491;
  for (const key of keys) hash = mix(hash ^ Math.imul(key + 1, 0x85ebca6b));
  return (mix(hash) >>> 0) / 2 ** 32;
}

/** Finaliser of MurmurHash3 (Austin Appleby, public domain). */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
