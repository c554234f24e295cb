/**
 * Replaces each value by the median of itself and its neighbours along each row, which is reflected at its ends
 * (openai/whisper `timing.py`). Rows too short to be reflected stay as they are.
 */
export function medianFilter(values: Float32Array, columns: number, width: number): Float32Array {
  const reach = Math.floor(width / 2);
  if (columns <= reach) return values;
  const filtered = new Float32Array(values.length);
  const window = new Float32Array(width);
  for (let row = 0; row < values.length; row += columns)
    for (let column = 0; column < columns; column++) {
      for (let offset = -reach; offset <= reach; offset++)
        insert(window, offset + reach, values[row + reflected(column + offset, columns)] ?? 0);
      filtered[row + column] = window[reach] ?? 0;
    }
  return filtered;
}

/** Puts a value among the first `count` ones, which are in order. For seven values nothing is faster. */
function insert(sorted: Float32Array, count: number, value: number): void {
  let place = count;
  while (place > 0 && (sorted[place - 1] ?? 0) > value) {
    sorted[place] = sorted[place - 1] ?? 0;
    place--;
  }
  sorted[place] = value;
}

/** Place of a column beyond the ends: mirrored, without the end itself twice. */
function reflected(column: number, columns: number): number {
  if (column < 0) return -column;
  return column < columns ? column : 2 * (columns - 1) - column;
}
