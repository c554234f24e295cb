import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModelSpec } from "@stargate/kernel";
import type { SegmentModel } from "./segment-options.ts";

/** Id of the model whose file the operator named. */
const OWN_MODEL = "satellite-segmentation";

/** Id of the model that segments. */
export function segmentModelId({ model }: Pick<SegmentModel, "model">): string {
  return "id" in model ? model.id : OWN_MODEL;
}

/** The model of the operator's own; none where it is declared elsewhere. */
export function segmentModels({ model }: SegmentModel): readonly ModelSpec[] {
  if ("id" in model) return [];
  const { from, sha256, summary, licence } = model;
  const isUrl = /^(?:https?|file):/.test(from);
  const url = isUrl ? from : pathToFileURL(from).href;
  const name = basename(decodeURIComponent(new URL(url).pathname));
  return [
    {
      id: OWN_MODEL,
      version: "1.0.0",
      summary,
      licence,
      format: "onnx",
      variants: [
        { name: "default", quality: 1, files: [{ name, urls: [url], sha256: sha256 ?? null, sizeBytes: null }] },
      ],
    },
  ];
}
