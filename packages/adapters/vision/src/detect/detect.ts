import type { CoverageReport, Detections, EncodedMedia, RunContext, TensorMap } from "@stargate/kernel";
import type { Candidate } from "./candidate.ts";
import { insidePicture } from "./inside-picture.ts";
import type { DetectorInput } from "./picture/detector-input.ts";
import { preparePictureTask } from "./picture/prepare-picture.ts";
import type { PreparedPicture } from "./picture/prepare-picture-task.ts";
import { suppressOverlaps } from "./suppress-overlaps.ts";

/** A detection model and how to speak with it. */
export interface Detector {
  readonly model: string;
  /** Name of the model's only input. */
  readonly inputName: string;
  readonly input: DetectorInput;
  /** Which list the labels are. */
  readonly classes: string;
  readonly labels: readonly string[];
  /** What the outputs say, in pixels of the picture. */
  candidates(outputs: TensorMap, picture: PreparedPicture, minScore: number): readonly Candidate[];
}

/** What the caller decides. */
export interface DetectOptions {
  readonly minScore: number;
  readonly maxOverlap: number;
  readonly max: number;
  readonly classes?: readonly string[] | undefined;
}

/** Everything a detector finds in a picture, and what was left out of the answer. */
export async function detect(
  { blob, name }: EncodedMedia,
  context: RunContext<DetectOptions>,
  { detector, maxPixels }: { readonly detector: Detector; readonly maxPixels: number },
): Promise<Detections> {
  const { minScore, maxOverlap, max, classes = detector.labels } = context.options;
  const { model, inputName, input } = detector;
  const picture = await context.offload(
    preparePictureTask,
    { source: blob, maxPixels, input },
    { signal: context.signal },
  );
  const { widthPixels, heightPixels } = picture;
  context.coverage(coverageOf(picture));
  context.meter({ unit: "megapixel", quantity: (widthPixels * heightPixels) / 1e6 });
  const shape = [1, 3, input.heightPixels, input.widthPixels];
  const outputs = await context.compute.run(model, {
    [inputName]: { dtype: "float32", shape, data: picture.values },
  });

  const candidates = insidePicture(detector.candidates(outputs, picture, minScore), picture);
  const found = suppressOverlaps(candidates, maxOverlap)
    .map(({ classId, ...rest }) => ({ label: detector.labels[classId] ?? String(classId), classId, ...rest }))
    .filter(({ label }) => classes.includes(label));
  if (found.length > max)
    context.issue({
      code: "SG_VISION_DETECTIONS_LEFT_OUT",
      message: `${found.length - max} of ${found.length} detections are left out: the answer holds ${max} at most`,
      hint: "Raise max, or minScore.",
    });
  context.disclose({
    inputPixels: [input.widthPixels, input.heightPixels],
    pixelsOfInputPerPixel: [picture.scaleX, picture.scaleY].map((scale) => Number(scale.toPrecision(4))),
    found: found.length,
  });
  return {
    widthPixels,
    heightPixels,
    ...(name === undefined ? {} : { name }),
    model,
    classes: detector.classes,
    detections: found.slice(0, max),
  };
}

/** All of the first picture; the others of an animation or a TIFF are not looked at. */
function coverageOf({ widthPixels, heightPixels, pages }: PreparedPicture): CoverageReport {
  const done = widthPixels * heightPixels;
  const others = { what: `pictures 2-${pages} of the file`, reason: "only the first is looked at" };
  return { measure: "pixel", done, of: done * pages, ...(pages > 1 ? { missing: [others] } : {}) };
}
