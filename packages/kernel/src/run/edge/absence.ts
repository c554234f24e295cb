/**
 * Stands for a value that will never come: the step that should make it failed softly, or was skipped because one of
 * its own inputs is absent. Absence passes on until an `orElse` stands in; if it reaches the output, `error` is thrown.
 */
export class Absence {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}
