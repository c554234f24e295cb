import { inverted, toPlace } from "../../grid/affine.ts";
import { projectionBetween } from "../../grid/crs.ts";
import type { Grid } from "../../grid/grid.ts";

/** Error that is accepted for the straight lines between exactly projected points, in source pixels. */
const TOLERANCE_PIXELS = 0.05;

/** Points of a target block on the pixel plane of a source. */
export interface SourcePoints {
  readonly columns: Float64Array;
  readonly rows: Float64Array;
}

/** Gives the place on the source's pixel plane of each pixel centre of a rectangle of the target; NaN where there is none. */
export type BlockProjector = (column: number, row: number, width: number, height: number) => SourcePoints;

/**
 * Projects whole blocks: exactly where it matters, by straight lines in between where those are right to 0.05 pixels (as
 * GDAL's approximating transformer does, with a tighter bound); halves a block until they are.
 */
export function createBlockProjector(target: Grid, source: Grid): BlockProjector {
  const back = inverted(source.affine);
  const projection = projectionBetween(target.crs, source.crs);
  const exact = (column: number, row: number): readonly [number, number] => {
    const [x, y] = projection(...toPlace(target.affine, column + 0.5, row + 0.5));
    return toPlace(back, x, y);
  };
  const isLinear = target.crs === source.crs;

  return (firstColumn, firstRow, width, height) => {
    const columns = new Float64Array(width * height);
    const rows = new Float64Array(width * height);

    function fill(left: number, top: number, right: number, bottom: number): void {
      const corners = [exact2(left, top), exact2(right, top), exact2(left, bottom), exact2(right, bottom)] as const;
      const isSmall = right - left < 2 && bottom - top < 2;
      if (!isLinear && !isSmall && !isStraight(left, top, right, bottom, corners)) {
        // Neighbours share their edge: it is written twice with the same numbers.
        const middleX = Math.floor((left + right) / 2);
        const middleY = Math.floor((top + bottom) / 2);
        if (right - left >= bottom - top) {
          fill(left, top, middleX, bottom);
          fill(middleX, top, right, bottom);
        } else {
          fill(left, top, right, middleY);
          fill(left, middleY, right, bottom);
        }
        return;
      }
      const [[leftTopX, leftTopY], [rightTopX, rightTopY], [leftBottomX, leftBottomY], [rightBottomX, rightBottomY]] =
        corners;
      const spanX = Math.max(1, right - left);
      const spanY = Math.max(1, bottom - top);
      for (let y = top; y <= bottom; y++) {
        const down = (y - top) / spanY;
        const startX = leftTopX + (leftBottomX - leftTopX) * down;
        const startY = leftTopY + (leftBottomY - leftTopY) * down;
        const stepX = (rightTopX + (rightBottomX - rightTopX) * down - startX) / spanX;
        const stepY = (rightTopY + (rightBottomY - rightTopY) * down - startY) / spanX;
        for (let x = left; x <= right; x++) {
          columns[y * width + x] = startX + stepX * (x - left);
          rows[y * width + x] = startY + stepY * (x - left);
        }
      }
    }

    const exact2 = (x: number, y: number): readonly [number, number] => exact(firstColumn + x, firstRow + y);

    function isStraight(
      left: number,
      top: number,
      right: number,
      bottom: number,
      [leftTop, rightTop, leftBottom, rightBottom]: readonly (readonly [number, number])[],
    ): boolean {
      const at = (across: number, down: number): boolean => {
        const x = Math.round(left + (right - left) * across);
        const y = Math.round(top + (bottom - top) * down);
        const acrossNow = right === left ? 0 : (x - left) / (right - left);
        const downNow = bottom === top ? 0 : (y - top) / (bottom - top);
        const [wantedX, wantedY] = exact2(x, y);
        const guess = (index: 0 | 1): number =>
          (leftTop?.[index] ?? Number.NaN) * (1 - acrossNow) * (1 - downNow) +
          (rightTop?.[index] ?? Number.NaN) * acrossNow * (1 - downNow) +
          (leftBottom?.[index] ?? Number.NaN) * (1 - acrossNow) * downNow +
          (rightBottom?.[index] ?? Number.NaN) * acrossNow * downNow;
        return Math.abs(guess(0) - wantedX) <= TOLERANCE_PIXELS && Math.abs(guess(1) - wantedY) <= TOLERANCE_PIXELS;
      };
      return at(0.5, 0.5) && at(0.5, 0) && at(0.5, 1) && at(0, 0.5) && at(1, 0.5);
    }

    fill(0, 0, width - 1, height - 1);
    return { columns, rows };
  };
}
