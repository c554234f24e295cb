/** [left, top, right, bottom] in pixels, origin top-left. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Something a detector may have seen. */
export interface Candidate {
  readonly classId: number;
  readonly score: number;
  readonly box: Box;
}
