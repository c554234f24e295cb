/** A decoded picture, upright: interleaved RGB, 8 bits each, rows from the top. */
export interface RgbImage {
  /** length = widthPixels * heightPixels * 3 */
  readonly data: Uint8Array;
  readonly widthPixels: number;
  readonly heightPixels: number;
}
