/**
 * Factorises a symmetric positive definite matrix in place (Cholesky; Golub and Van Loan, Matrix Computations, 4.2).
 * `matrix` is row-major, `size` x `size`; only its lower triangle is read and written.
 * False when the matrix is singular for practical purposes, that is, when the data cannot tell the unknowns apart.
 */
export function factorise(matrix: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row++) {
    const start = row * size;
    for (let column = 0; column < row; column++) {
      const other = column * size;
      let sum = matrix[start + column] ?? 0;
      for (let inner = 0; inner < column; inner++) sum -= (matrix[start + inner] ?? 0) * (matrix[other + inner] ?? 0);
      matrix[start + column] = sum / (matrix[other + column] ?? 0);
    }
    const diagonal = matrix[start + row] ?? 0;
    let rest = diagonal;
    for (let inner = 0; inner < row; inner++) rest -= (matrix[start + inner] ?? 0) * (matrix[start + inner] ?? 0);
    // Not `<=`: NaN is refused too.
    if (!(rest > 1e-9 * diagonal)) return false;
    matrix[start + row] = Math.sqrt(rest);
  }
  return true;
}

/** Solves in place for the right-hand side, with the factor that `factorise` left. */
export function solve(factor: Float64Array, right: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    let sum = right[row] ?? 0;
    for (let inner = 0; inner < row; inner++) sum -= (factor[row * size + inner] ?? 0) * (right[inner] ?? 0);
    right[row] = sum / (factor[row * size + row] ?? 0);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = right[row] ?? 0;
    for (let inner = row + 1; inner < size; inner++) sum -= (factor[inner * size + row] ?? 0) * (right[inner] ?? 0);
    right[row] = sum / (factor[row * size + row] ?? 0);
  }
}

/** x' M^-1 x for the factor of M and the row x of `rows` at `offset`: how far a prediction at x is from what was seen. */
export function leverage(
  factor: Float64Array,
  rows: Float64Array,
  offset: number,
  { size, scratch }: { readonly size: number; readonly scratch: Float64Array },
): number {
  let total = 0;
  for (let row = 0; row < size; row++) {
    let sum = rows[offset + row] ?? 0;
    for (let inner = 0; inner < row; inner++) sum -= (factor[row * size + inner] ?? 0) * (scratch[inner] ?? 0);
    const value = sum / (factor[row * size + row] ?? 0);
    scratch[row] = value;
    total += value * value;
  }
  return total;
}
