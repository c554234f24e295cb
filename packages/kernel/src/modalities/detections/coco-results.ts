import type { Detections } from "./detections-schema.ts";

/** Ids between 1 and 90 that COCO gave to no class of its detection task. */
const UNUSED_CATEGORIES = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83];

/**
 * Writes COCO results (cocodataset.org, "Results Format", object detection): what `COCO.loadRes` of pycocotools reads.
 * A box is [left, top, width, height]. The file name stands for the id of the image, as a number where it is one:
 * 139 for "000000000139.jpg"; 0 when it is not known. Categories of other lists than "coco-80" count from 1.
 */
export function writeCocoResults({ name, classes, detections }: Detections): string {
  const imageId = imageIdOf(name);
  return JSON.stringify(
    detections.map(({ classId, score, box: [left, top, right, bottom] }) => ({
      image_id: imageId,
      category_id: classes === "coco-80" ? cocoCategory(classId) : classId + 1,
      bbox: [left, top, right - left, bottom - top],
      score,
    })),
  );
}

/** Category of one of the 80 classes: COCO counts 90, and left some out. */
function cocoCategory(classId: number): number {
  return UNUSED_CATEGORIES.reduce((category, unused) => (unused <= category ? category + 1 : category), classId + 1);
}

function imageIdOf(name: string | undefined): number | string {
  if (name === undefined) return 0;
  const stem = name.replace(/\.[^.]+$/, "");
  return /^\d{1,15}$/.test(stem) ? Number(stem) : stem;
}
