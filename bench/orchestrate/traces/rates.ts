import type { Draws } from "../random.ts";
import type { Rate } from "./trace.ts";

const DAY_MS = 600_000;

/** Day and night in ten minutes: between 0.5 and 1.5 of the mean. */
export function diurnal(mean: number, swing = 0.5): Rate {
  return (atMs) => mean * (1 - swing * Math.cos((2 * Math.PI * atMs) / DAY_MS));
}

/** Twitter-like: day and night, with heavy noise (log-normal per second, correlated) and short spikes of 1.6 to 3.2. */
export function twitterLike(draws: Draws, mean: number, lengthMs: number): Rate {
  const day = diurnal(mean);
  const seconds = Math.ceil(lengthMs / 1000) + 1;
  const factors: number[] = [];
  let noise = 0;
  let spikeLeft = 0;
  let spike = 1;
  for (let second = 0; second < seconds; second++) {
    noise = 0.9 * noise + 0.1 * draws.normal();
    if (spikeLeft === 0 && draws.chance(1 / 90)) {
      spikeLeft = draws.integer(5, 20);
      spike = 1.6 + 1.6 * draws.next();
    }
    factors.push(Math.exp(noise) * (spikeLeft > 0 ? spike : 1));
    if (spikeLeft > 0) spikeLeft -= 1;
  }
  return (atMs) => day(atMs) * (factors[Math.floor(atMs / 1000)] ?? 1);
}

/** Ten times the load within five seconds, for a minute, then down again. */
export function flashCrowd(mean: number, atMs: number, factor = 10): Rate {
  const rampMs = 5000;
  const plateauMs = 60_000;
  return (nowMs) => {
    const since = nowMs - atMs;
    const up = Math.min(1, Math.max(0, since / rampMs));
    const down = Math.min(1, Math.max(0, (since - rampMs - plateauMs) / rampMs));
    return mean * (1 + (factor - 1) * (up - down));
  };
}

/** A Markov-modulated Poisson process: quiet and burst, with exponential stays. */
export function modulated(
  draws: Draws,
  lengthMs: number,
  options: { readonly quiet: number; readonly burst: number; readonly quietMs: number; readonly burstMs: number },
): Rate {
  const changes: number[] = [];
  let atMs = 0;
  for (let index = 0; atMs < lengthMs; index++) {
    atMs += draws.exponential(index % 2 === 0 ? options.quietMs : options.burstMs);
    changes.push(atMs);
  }
  let cursor = 0;
  return (nowMs) => {
    if (cursor > 0 && (changes[cursor - 1] ?? 0) > nowMs) cursor = 0;
    while ((changes[cursor] ?? Number.POSITIVE_INFINITY) <= nowMs) cursor += 1;
    return cursor % 2 === 0 ? options.quiet : options.burst;
  };
}
