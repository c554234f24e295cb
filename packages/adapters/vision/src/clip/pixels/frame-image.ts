/** Size of a picture, or of a part of it. */
export interface PixelSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** A part of a picture, origin top left. */
export interface PixelRect extends PixelSize {
  readonly leftPixels: number;
  readonly topPixels: number;
}

/** How a picture of any shape becomes a square one. */
export interface Framing {
  /** Size the whole picture is scaled to. */
  readonly resized: PixelSize;
  /** Square of the scaled picture that is kept. */
  readonly kept: PixelRect;
}

/** "crop": the shorter side is scaled to the square and the middle kept. "squash": all of it, whatever its shape. */
export type Fit = "crop" | "squash";

/**
 * Scales and crops as the reference does (transformers `CLIPImageProcessor`: `shortest_edge`, then `center_crop`; both
 * round towards zero).
 */
export function frameImage({ widthPixels, heightPixels }: PixelSize, sizePixels: number, fit: Fit): Framing {
  const shorter = Math.min(widthPixels, heightPixels);
  const scaled = (side: number): number =>
    fit === "squash" || side === shorter ? sizePixels : Math.trunc((sizePixels * side) / shorter);
  const resized = { widthPixels: scaled(widthPixels), heightPixels: scaled(heightPixels) };
  return {
    resized,
    kept: {
      leftPixels: (resized.widthPixels - sizePixels) >> 1,
      topPixels: (resized.heightPixels - sizePixels) >> 1,
      widthPixels: sizePixels,
      heightPixels: sizePixels,
    },
  };
}
