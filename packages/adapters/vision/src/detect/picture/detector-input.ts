import type { RgbImage } from "../../decode/rgb-image.ts";
import { resizeBilinear } from "./resize-bilinear.ts";

/** How a detector wants its pictures. */
export interface DetectorInput {
  readonly widthPixels: number;
  readonly heightPixels: number;
  /**
   * "letterbox": scaled to fit, at the top left, with `pad` right of it and below. "squash": scaled to fill, whatever its
   * shape.
   */
  readonly fit: "letterbox" | "squash";
  readonly colours: "rgb" | "bgr";
  /** Value the model reads: (value of 0-255 - mean) / divisor. */
  readonly mean: number;
  readonly divisor: number;
  /** 0-255, of every colour, in a letterbox. */
  readonly pad: number;
}

export interface ScaledPicture {
  /** Shape [1, 3, heightPixels, widthPixels]. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Pixels of the input per pixel of the picture. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Scales a picture and lays it out for a detector. */
export function detectorInput(image: RgbImage, input: DetectorInput): ScaledPicture {
  const { widthPixels, heightPixels, fit, pad } = input;
  const stretchX = widthPixels / image.widthPixels;
  const stretchY = heightPixels / image.heightPixels;
  const scaleX = fit === "squash" ? stretchX : Math.min(stretchX, stretchY);
  const scaleY = fit === "squash" ? stretchY : scaleX;
  // Rounded towards zero, as the reference does; a hair's breadth of picture is one pixel of input.
  const scaled = resizeBilinear(
    image,
    Math.max(1, Math.trunc(image.widthPixels * scaleX)),
    Math.max(1, Math.trunc(image.heightPixels * scaleY)),
  );
  const values = new Float32Array(3 * widthPixels * heightPixels).fill(normal(pad, input));
  for (let plane = 0; plane < 3; plane++) {
    const colour = input.colours === "rgb" ? plane : 2 - plane;
    for (let y = 0; y < scaled.heightPixels; y++) {
      const row = (plane * heightPixels + y) * widthPixels;
      const from = y * scaled.widthPixels * 3 + colour;
      for (let x = 0; x < scaled.widthPixels; x++) values[row + x] = normal(scaled.data[from + x * 3] ?? 0, input);
    }
  }
  return { values, scaleX, scaleY };
}

function normal(value: number, { mean, divisor }: DetectorInput): number {
  return (value - mean) / divisor;
}
