/** Numbers that sensors store are counted instead of compared, which takes a hundredth of the time. */
const LEVELS = 65_536;

/** Numbers in ascending order; a new array, or the same one. NaN must not be among them. */
export function sortedNumbers(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const counts = new Uint32Array(LEVELS);
  for (const value of numbers) {
    if (!(value >= 0 && value < LEVELS) || value !== Math.floor(value)) return numbers.sort();
    counts[value] = (counts[value] ?? 0) + 1;
  }
  let at = 0;
  for (let level = 0; level < LEVELS; level++) {
    const count = counts[level] as number; // within bounds
    if (count === 0) continue;
    numbers.fill(level, at, at + count);
    at += count;
  }
  return numbers;
}
