/** One date of a snow series. */
export interface SnowDate {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** See `snowStates`, one for each pixel. */
  readonly states: Uint8Array;
}
