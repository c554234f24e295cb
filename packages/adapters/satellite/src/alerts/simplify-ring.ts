import type { CornerRing } from "./trace-outlines.ts";

/**
 * Leaves out corners by Visvalingam and Whyatt (1993): the one whose triangle with its neighbours is smallest first, as
 * long as it is below the square of the tolerance; never fewer than four corners. Neighbouring outlines are simplified
 * apart from one another, so they may overlap by less than the tolerance afterwards.
 */
export function simplifyRing(ring: CornerRing, tolerancePixels: number): CornerRing {
  const corners = Array.from({ length: ring.length / 2 }, (_, index) => index);
  const limit = tolerancePixels ** 2;
  const areaAt = (at: number): number => {
    const [before = 0, here = 0, after = 0] = [corners.at(at - 1), corners[at], corners[(at + 1) % corners.length]];
    const x = (corner: number): number => ring[corner * 2] ?? 0;
    const y = (corner: number): number => ring[corner * 2 + 1] ?? 0;
    return (
      Math.abs((x(here) - x(before)) * (y(after) - y(before)) - (x(after) - x(before)) * (y(here) - y(before))) / 2
    );
  };
  const areas = corners.map((_, at) => areaAt(at));
  while (corners.length > 4) {
    let smallest = 0;
    for (let at = 1; at < areas.length; at++) if ((areas[at] ?? 0) < (areas[smallest] ?? 0)) smallest = at;
    if ((areas[smallest] ?? Infinity) >= limit) break;
    corners.splice(smallest, 1);
    areas.splice(smallest, 1);
    const next = smallest % corners.length;
    const before = (next - 1 + corners.length) % corners.length;
    areas[next] = areaAt(next);
    areas[before] = areaAt(before);
  }
  return corners.flatMap((corner) => [ring[corner * 2] ?? 0, ring[corner * 2 + 1] ?? 0]);
}
