/** Least squares that takes one observation after another. */
export interface RecursiveFit {
  reset(): void;
  /**
   * Takes an observation in and gives its recursive residual: how far it was from what those before it foretold, divided
   * by the spread such a difference has. Zero for as many observations as there are terms.
   */
  add(rows: Float64Array, offset: number, value: number): number;
  /** Coefficients of all observations so far; false when they cannot tell the terms apart. */
  solve(into: Float64Array): boolean;
}

/**
 * Updates the triangular factor by Givens rotations (Golub and Van Loan, Matrix Computations, 6.5), which needs no normal
 * equations and so keeps its precision when the first observations lie close together. What is left of a value after
 * the rotations is the recursive residual.
 */
export function createRecursiveFit(size: number): RecursiveFit {
  const triangle = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size);
  return {
    reset() {
      triangle.fill(0);
      right.fill(0);
    },
    add(rows, offset, value) {
      let rest = value;
      for (let term = 0; term < size; term++) row[term] = rows[offset + term] ?? 0;
      for (let term = 0; term < size; term++) {
        const incoming = row[term] ?? 0;
        if (incoming === 0) continue;
        const diagonal = triangle[term * size + term] ?? 0;
        const length = Math.hypot(diagonal, incoming);
        const cosine = diagonal / length;
        const sine = incoming / length;
        triangle[term * size + term] = length;
        for (let other = term + 1; other < size; other++) {
          const kept = triangle[term * size + other] ?? 0;
          const given = row[other] ?? 0;
          triangle[term * size + other] = cosine * kept + sine * given;
          row[other] = cosine * given - sine * kept;
        }
        const kept = right[term] ?? 0;
        right[term] = cosine * kept + sine * rest;
        rest = cosine * rest - sine * kept;
      }
      return rest;
    },
    solve(into) {
      for (let term = size - 1; term >= 0; term--) {
        const diagonal = triangle[term * size + term] ?? 0;
        if (!(diagonal > 1e-9)) return false;
        let sum = right[term] ?? 0;
        for (let other = term + 1; other < size; other++)
          sum -= (triangle[term * size + other] ?? 0) * (into[other] ?? 0);
        into[term] = sum / diagonal;
      }
      return true;
    },
  };
}
