/** What lies this far below the largest logit adds less than 1e-13 of it. */
const NEGLIGIBLE = 30;

export function largest(logits: Float32Array, from = 0, to = logits.length): number {
  let maximum = -Infinity;
  for (let index = from; index < to; index++) {
    const value = logits[index] ?? 0;
    if (value > maximum) maximum = value;
  }
  return maximum;
}

/** log of the sum of exp of the logits: what turns a logit into a log-probability when it is taken away. */
export function logSumExp(logits: Float32Array, from = 0, to = logits.length): number {
  const maximum = largest(logits, from, to);
  if (maximum === -Infinity) return -Infinity;
  let sum = 0;
  for (let index = from; index < to; index++) {
    const below = (logits[index] ?? 0) - maximum;
    if (below > -NEGLIGIBLE) sum += Math.exp(below);
  }
  return maximum + Math.log(sum);
}

export function indexOfLargest(logits: Float32Array, from = 0, to = logits.length): number {
  let best = from;
  for (let index = from + 1; index < to; index++) if ((logits[index] ?? 0) > (logits[best] ?? 0)) best = index;
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
