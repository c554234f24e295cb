/** Letters and digits in a row. */
export interface Atom {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function atomsOf(text: string): readonly Atom[] {
  return Array.from(text.matchAll(/[\p{L}\p{M}\p{N}]+/gu), ({ 0: atom, index }) => ({
    text: atom,
    start: index,
    end: index + atom.length,
  }));
}
