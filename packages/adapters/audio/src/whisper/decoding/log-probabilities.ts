/** What lies this far below the largest logit counts as nothing: all 51,866 of them together add less than 1e-6. */
const NEGLIGIBLE = 25;
const STEPS_PER_UNIT = 256;
/** exp(-step / 256). */
const powers = Float64Array.from({ length: NEGLIGIBLE * STEPS_PER_UNIT + 1 }, (_, step) =>
  Math.exp(-step / STEPS_PER_UNIT),
);

/**
 * exp of the distance to the largest logit, 0 or less; to 1e-9. Every token takes one for each of 51,866 logits: from a
 * table and two terms of the series it costs a quarter of `Math.exp`.
 */
export function expBelow(distance: number): number {
  if (!(distance > -NEGLIGIBLE)) return 0;
  const step = (-distance * STEPS_PER_UNIT) | 0;
  const rest = distance + step / STEPS_PER_UNIT;
  return (powers[step] ?? 0) * (1 + rest * (1 + rest * (0.5 + rest / 6)));
}

export function largest(logits: Float32Array, from = 0, to = logits.length): number {
  let maximum = -Infinity;
  for (let index = from; index < to; index++) {
    const value = logits[index] ?? 0;
    if (value > maximum) maximum = value;
  }
  return maximum;
}

/** Whether one of the logits is as large as this; looks no further than the first. */
export function reaches(logits: Float32Array, value: number, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if ((logits[index] ?? 0) >= value) return true;
  return false;
}

/**
 * log of the sum of exp of the logits: what turns a logit into a log-probability when it is taken away.
 * @param maximum the largest of them, where it is known.
 */
export function logSumExp(
  logits: Float32Array,
  from = 0,
  to = logits.length,
  maximum = largest(logits, from, to),
): number {
  if (maximum === -Infinity) return -Infinity;
  let sum = 0;
  for (let index = from; index < to; index++) sum += expBelow((logits[index] ?? 0) - maximum);
  return maximum + Math.log(sum);
}

export function indexOfLargest(logits: Float32Array, from = 0, to = logits.length): number {
  let best = from;
  let maximum = logits[from] ?? -Infinity;
  for (let index = from + 1; index < to; index++) {
    const value = logits[index] ?? 0;
    if (value > maximum) [best, maximum] = [index, value];
  }
  return best;
}

/** Indices of the largest logits, best first. */
export function indicesOfLargest(logits: Float32Array, count: number): readonly number[] {
  const best: number[] = [];
  let least = -Infinity;
  for (let index = 0; index < logits.length; index++) {
    const value = logits[index] ?? 0;
    if (value <= least && best.length === count) continue;
    let place = best.length;
    while (place > 0 && (logits[best[place - 1] ?? 0] ?? 0) < value) place--;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
    least = logits[best.at(-1) ?? 0] ?? 0;
  }
  return best;
}
