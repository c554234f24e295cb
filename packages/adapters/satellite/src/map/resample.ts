/** Size of a picture in its own pixels and on the canvas. */
export interface Resampling {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly shownWidth: number;
  readonly shownHeight: number;
}

/** Pixel of the picture under the middle of a pixel of the canvas. */
export function nearestPixel(
  x: number,
  y: number,
  { widthPixels, heightPixels, shownWidth, shownHeight }: Resampling,
): number {
  const column = Math.min(widthPixels - 1, Math.floor(((x + 0.5) * widthPixels) / shownWidth));
  const row = Math.min(heightPixels - 1, Math.floor(((y + 0.5) * heightPixels) / shownHeight));
  return row * widthPixels + column;
}

/** Mean of what lies under a pixel of the canvas; NaN when nothing of it was observed. Enlarged pictures keep their pixels. */
export function meanUnder(values: Float32Array, x: number, y: number, resampling: Resampling): number {
  const { widthPixels, heightPixels, shownWidth, shownHeight } = resampling;
  if (widthPixels <= shownWidth) return values[nearestPixel(x, y, resampling)] ?? Number.NaN;
  const right = Math.max(
    Math.floor((x * widthPixels) / shownWidth) + 1,
    Math.floor(((x + 1) * widthPixels) / shownWidth),
  );
  const bottom = Math.max(
    Math.floor((y * heightPixels) / shownHeight) + 1,
    Math.floor(((y + 1) * heightPixels) / shownHeight),
  );
  let [sum, count] = [0, 0];
  for (let row = Math.floor((y * heightPixels) / shownHeight); row < bottom; row++) {
    for (let column = Math.floor((x * widthPixels) / shownWidth); column < right; column++) {
      const value = values[row * widthPixels + column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}
