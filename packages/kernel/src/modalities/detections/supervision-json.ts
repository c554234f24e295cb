import type { Detections } from "./detections-schema.ts";

/**
 * Writes the fields of `Detections` of the Python package supervision by their names, so that
 * `sv.Detections(xyxy=np.array(d["xyxy"]).reshape(-1, 4), ...)` makes one of it.
 */
export function writeSupervisionJson({ detections }: Detections): string {
  return JSON.stringify({
    xyxy: detections.map(({ box }) => box),
    confidence: detections.map(({ score }) => score),
    class_id: detections.map(({ classId }) => classId),
    data: { class_name: detections.map(({ label }) => label) },
  });
}
