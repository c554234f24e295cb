/** Text of segments in a row. Recognisers that know of spaces begin a segment with one; others get one. */
export function joinText(segments: readonly { readonly text: string }[], areSpaced: boolean): string {
  return segments
    .map(({ text }) => text)
    .join(areSpaced ? "" : " ")
    .trim();
}
