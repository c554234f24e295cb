import type { RgbImage } from "../../decode/rgb-image.ts";

/** For each target pixel of an axis: the two source pixels it lies between, and the share of the second. */
interface AxisMix {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float64Array;
}

/**
 * Scales a picture as `cv2.resize` does by default (INTER_LINEAR): centres of pixels on centres, no antialiasing, 8 bits.
 * Detectors are trained on pictures scaled so. At most 1 of 255 away from OpenCV, which rounds its weights to 11 bits.
 */
export function resizeBilinear(image: RgbImage, widthPixels: number, heightPixels: number): RgbImage {
  const across = mixAxis(image.widthPixels, widthPixels);
  const down = mixAxis(image.heightPixels, heightPixels);
  const { data: source } = image;
  const stride = image.widthPixels * 3;
  const data = new Uint8Array(widthPixels * heightPixels * 3);
  let to = 0;
  for (let y = 0; y < heightPixels; y++) {
    const upper = (down.first[y] ?? 0) * stride;
    const lower = (down.second[y] ?? 0) * stride;
    const lowerShare = down.share[y] ?? 0;
    for (let x = 0; x < widthPixels; x++) {
      const left = (across.first[x] ?? 0) * 3;
      const right = (across.second[x] ?? 0) * 3;
      const rightShare = across.share[x] ?? 0;
      for (let colour = 0; colour < 3; colour++) {
        const a = mix(source[upper + left + colour] ?? 0, source[upper + right + colour] ?? 0, rightShare);
        const b = mix(source[lower + left + colour] ?? 0, source[lower + right + colour] ?? 0, rightShare);
        data[to++] = Math.round(mix(a, b, lowerShare));
      }
    }
  }
  return { data, widthPixels, heightPixels };
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function mixAxis(sourcePixels: number, targetPixels: number): AxisMix {
  const axis = {
    first: new Int32Array(targetPixels),
    second: new Int32Array(targetPixels),
    share: new Float64Array(targetPixels),
  };
  for (let index = 0; index < targetPixels; index++) {
    const place = Math.min(sourcePixels - 1, Math.max(0, ((index + 0.5) * sourcePixels) / targetPixels - 0.5));
    axis.first[index] = Math.floor(place);
    axis.second[index] = Math.min(sourcePixels - 1, Math.floor(place) + 1);
    axis.share[index] = place - Math.floor(place);
  }
  return axis;
}
