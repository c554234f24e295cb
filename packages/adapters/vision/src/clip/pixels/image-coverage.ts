import type { CoverageReport, Gap } from "@stargate/kernel";
import type { PreparedImage } from "./prepare-image-task.ts";

/** How much of a picture lies inside the square that the model sees, in pixels. */
export function imageCoverage({ widthPixels, heightPixels, keptPixels, pages }: PreparedImage): CoverageReport {
  const pagePixels = widthPixels * heightPixels;
  const missing: Gap[] = [];
  if (keptPixels < pagePixels) {
    const sides = widthPixels > heightPixels ? "left and right" : "top and bottom";
    missing.push({
      what: `the margins at the ${sides}`,
      reason: 'the model sees a square: the middle, with fit "crop"',
    });
  }
  if (pages > 1) missing.push({ what: `pictures 2-${pages} of the file`, reason: "only the first is embedded" });
  return { measure: "pixel", done: keptPixels, of: pagePixels * pages, missing };
}
