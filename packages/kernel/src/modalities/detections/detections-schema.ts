import { z } from "zod";

const detectionSchema = z.strictObject({
  /** What it is, in the detector's words. */
  label: z.string(),
  /** Number of the label in the detector's list, counted from 0. */
  classId: z.int().nonnegative(),
  /** How sure the detector is, 0-1. Scores of different detectors cannot be compared. */
  score: z.number().min(0).max(1),
  /** Pixels of the picture, origin top-left: [left, top, right, bottom]; the last two are the outer edges. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
});

/** What was found in one picture. */
export const detectionsSchema = z
  .strictObject({
    /** Size of the picture the boxes lie in, as it is to be looked at (EXIF orientation applied). */
    widthPixels: z.int().min(1),
    heightPixels: z.int().min(1),
    /** File name of the picture, when it is known. */
    name: z.string().optional(),
    /** Model that found them. */
    model: z.string().optional(),
    /** Which list `classId` counts in: "coco-80" for the 80 classes of COCO in their usual order. */
    classes: z.string(),
    /** Most certain first. */
    detections: z.array(detectionSchema).readonly(),
  })
  .refine(
    ({ widthPixels, heightPixels, detections }) =>
      detections.every(
        ({ box: [left, top, right, bottom] }) =>
          0 <= left && left <= right && right <= widthPixels && 0 <= top && top <= bottom && bottom <= heightPixels,
      ),
    { path: ["detections"], error: "a box is not [left, top, right, bottom] inside the picture" },
  );

export type Detection = Readonly<z.infer<typeof detectionSchema>>;
export type Detections = Readonly<z.infer<typeof detectionsSchema>>;
