/** Median of the first `count` numbers, which are left in another order; NaN for none. Quickselect, no allocation. */
export function medianInPlace(numbers: Float64Array, count: number): number {
  if (count === 0) return NaN;
  const middle = count >> 1;
  const upper = select(numbers, count, middle);
  if (count % 2 === 1) return upper;
  let lower = -Infinity;
  for (let index = 0; index < middle; index++) lower = Math.max(lower, numbers[index] ?? 0);
  return (lower + upper) / 2;
}

/** Puts the number of rank `wanted` where it belongs, smaller ones before it. */
function select(numbers: Float64Array, count: number, wanted: number): number {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = numbers[wanted] ?? 0;
    let low = left;
    let high = right;
    while (low <= high) {
      while ((numbers[low] ?? 0) < pivot) low++;
      while ((numbers[high] ?? 0) > pivot) high--;
      if (low > high) break;
      const kept = numbers[low] ?? 0;
      numbers[low++] = numbers[high] ?? 0;
      numbers[high--] = kept;
    }
    if (high < wanted) left = low;
    if (wanted < low) right = high;
  }
  return numbers[wanted] ?? 0;
}
