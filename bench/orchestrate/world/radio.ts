import { createDraws } from "../random.ts";

/** State of an edge box's radio link. */
export interface RadioState {
  /** 0: an outage. */
  readonly megabitsPerSecond: number;
  readonly roundTripMs: number;
}

const STEP_MS = 500;
/** Levels of an LTE-like link, from an outage to close to the mast. */
const LEVELS: readonly RadioState[] = [
  { megabitsPerSecond: 0, roundTripMs: 300 },
  { megabitsPerSecond: 0.5, roundTripMs: 300 },
  { megabitsPerSecond: 2, roundTripMs: 160 },
  { megabitsPerSecond: 8, roundTripMs: 80 },
  { megabitsPerSecond: 20, roundTripMs: 50 },
  { megabitsPerSecond: 50, roundTripMs: 30 },
];
/** Chance per step to go down, to go up. Outages are short. */
const DOWN = [0, 0.01, 0.04, 0.06, 0.08, 0.1] as const;
const UP = [0.25, 0.15, 0.12, 0.1, 0.08, 0] as const;

/** A Markov chain over link qualities: 0.5 to 50 Mbit/s, round trips of 30 to 300 ms, outages. */
export function radioLink(seed: number, lengthMs: number): (atMs: number) => RadioState {
  const draws = createDraws(seed);
  const states: RadioState[] = [];
  let level = 4;
  for (let atMs = 0; atMs <= lengthMs; atMs += STEP_MS) {
    const draw = draws.next();
    const down = DOWN[level] ?? 0;
    if (draw < down) level -= 1;
    else if (draw < down + (UP[level] ?? 0)) level += 1;
    states.push(LEVELS[level] ?? (LEVELS[0] as RadioState)); // levels stay in range: no way down from 0, none up from 5
  }
  const last = states.length - 1;
  return (atMs) => states[Math.min(last, Math.floor(atMs / STEP_MS))] as RadioState; // there is always a first state
}
