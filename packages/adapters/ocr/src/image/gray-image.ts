/** Decoded grey pixels, row-major, 0 black to 255 white, one byte each. */
export interface GrayImage {
  /** length = widthPixels * heightPixels */
  readonly data: Uint8Array;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** Width and height of anything with pixels. */
export interface PixelSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** Binary PGM (netpbm "P5"): a header before the pixels, so that an engine takes a raster without any encoding. */
export function toPgm(image: GrayImage): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(`P5\n${image.widthPixels} ${image.heightPixels}\n255\n`);
  const bytes = new Uint8Array(header.length + image.data.length);
  bytes.set(header);
  bytes.set(image.data, header.length);
  return bytes;
}

/** A rectangle of an image as an image of its own. `box` is [left, top, right, bottom] and is cut at the edges. */
export function crop(image: GrayImage, box: readonly [number, number, number, number]): GrayImage {
  const left = Math.max(0, Math.floor(box[0]));
  const top = Math.max(0, Math.floor(box[1]));
  const widthPixels = Math.max(0, Math.min(image.widthPixels, Math.ceil(box[2])) - left);
  const heightPixels = Math.max(0, Math.min(image.heightPixels, Math.ceil(box[3])) - top);
  const data = new Uint8Array(widthPixels * heightPixels);
  for (let row = 0; row < heightPixels; row++) {
    const start = (top + row) * image.widthPixels + left;
    data.set(image.data.subarray(start, start + widthPixels), row * widthPixels);
  }
  return { data, widthPixels, heightPixels };
}

/** The smallest part of an image outside which everything is white. */
export function trimWhite(image: GrayImage): GrayImage {
  const { data, widthPixels: width, heightPixels: height } = image;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value < 255);
    if (first === -1) continue;
    top = Math.min(top, y);
    bottom = y + 1;
    left = Math.min(left, first);
    right = Math.max(right, row.findLastIndex((value) => value < 255) + 1);
  }
  return crop(image, [left, top, right, bottom]);
}

/** Turns an image clockwise by a number of quarter turns, without loss. */
export function turnClockwise(image: GrayImage, quarterTurns: 0 | 1 | 2 | 3): GrayImage {
  const { data, widthPixels: width, heightPixels: height } = image;
  if (quarterTurns === 0) return image;
  const turned = new Uint8Array(data.length);
  if (quarterTurns === 2) {
    for (let index = 0; index < data.length; index++) turned[index] = data[data.length - 1 - index] ?? 0;
    return { data: turned, widthPixels: width, heightPixels: height };
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const target = quarterTurns === 1 ? x * height + (height - 1 - y) : (width - 1 - x) * height + y;
      turned[target] = data[y * width + x] ?? 0;
    }
  }
  return { data: turned, widthPixels: height, heightPixels: width };
}

/** Makes an image smaller by a whole factor, each pixel the mean of factor x factor. Odd rests at the edges are dropped. */
export function shrink(image: GrayImage, factor: number): GrayImage {
  if (factor <= 1) return image;
  const widthPixels = Math.max(1, Math.floor(image.widthPixels / factor));
  const heightPixels = Math.max(1, Math.floor(image.heightPixels / factor));
  const data = new Uint8Array(widthPixels * heightPixels);
  const sums = new Uint32Array(widthPixels);
  for (let y = 0; y < heightPixels; y++) {
    sums.fill(0);
    for (let inner = 0; inner < factor; inner++) {
      let source = Math.min(y * factor + inner, image.heightPixels - 1) * image.widthPixels;
      for (let x = 0; x < widthPixels; x++) {
        let sum = 0;
        for (let step = 0; step < factor; step++) sum += image.data[source++] ?? 0;
        sums[x] = (sums[x] ?? 0) + sum;
      }
    }
    const area = factor * factor;
    for (let x = 0; x < widthPixels; x++) data[y * widthPixels + x] = (sums[x] ?? 0) / area;
  }
  return { data, widthPixels, heightPixels };
}
