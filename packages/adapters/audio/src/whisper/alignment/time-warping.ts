/** A way through a matrix from its first corner to its last: row and column of each step. */
export interface WarpingPath {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

const DIAGONAL = 0;
const DOWN = 1;
const ACROSS = 2;

/**
 * The cheapest way through a matrix of costs, row by row (dynamic time warping, Sakoe and Chiba 1978). A diagonal step is
 * taken only when it is cheaper than both others, then one down, else one across; sums are float32: so it is in
 * openai/whisper `timing.py`, and other rules move words. Holds two rows of sums and a byte per place.
 */
export function warpTime(costs: Float32Array, columns: number): WarpingPath {
  const rows = costs.length / columns;
  const width = columns + 1;
  const steps = new Uint8Array((rows + 1) * width).fill(DOWN);
  steps.fill(ACROSS, 0, width);
  let above = new Float32Array(width).fill(Infinity);
  let current = new Float32Array(width);
  above[0] = 0;
  for (let row = 1; row <= rows; row++) {
    current[0] = Infinity;
    for (let column = 1; column <= columns; column++) {
      const diagonal = above[column - 1] ?? 0;
      const down = above[column] ?? 0;
      const across = current[column - 1] ?? 0;
      let [best, step] = [across, ACROSS];
      if (diagonal < down && diagonal < across) [best, step] = [diagonal, DIAGONAL];
      else if (down < diagonal && down < across) [best, step] = [down, DOWN];
      current[column] = best + (costs[(row - 1) * columns + column - 1] ?? 0);
      steps[row * width + column] = step;
    }
    [above, current] = [current, above];
  }
  return walkBack(steps, rows, columns);
}

function walkBack(steps: Uint8Array, lastRow: number, lastColumn: number): WarpingPath {
  const [rows, columns]: [number[], number[]] = [[], []];
  let [row, column] = [lastRow, lastColumn];
  while (row > 0 || column > 0) {
    rows.push(row - 1);
    columns.push(column - 1);
    const step = steps[row * (lastColumn + 1) + column];
    if (step !== ACROSS) row--;
    if (step !== DOWN) column--;
  }
  return { rows: rows.toReversed(), columns: columns.toReversed() };
}
