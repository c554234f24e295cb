import type { RgbImage } from "../../decode/rgb-image.ts";

/** Mean or standard deviation of each colour over the pictures a model was trained on, 0-1. */
export type PerColour = readonly [red: number, green: number, blue: number];

/** What a vision tower reads: (value / 255 - mean) / std as float32, one plane per colour. */
export function toPixelValues(image: RgbImage, mean: PerColour, std: PerColour): Float32Array<ArrayBuffer> {
  const planePixels = image.widthPixels * image.heightPixels;
  const values = new Float32Array(planePixels * 3);
  for (let colour = 0; colour < 3; colour++) {
    const scaled = Float32Array.from(
      { length: 256 },
      (_, value) => (value / 255 - (mean[colour] ?? 0)) / (std[colour] ?? 1),
    );
    const plane = values.subarray(colour * planePixels);
    for (let pixel = 0; pixel < planePixels; pixel++) plane[pixel] = scaled[image.data[pixel * 3 + colour] ?? 0] ?? 0;
  }
  return values;
}
