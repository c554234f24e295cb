import { ocrTransforms } from "@stargate/adapter-ocr";
import { document, pipeline } from "@stargate/kernel";

/** pipelines/letters.yaml in its other spelling: the same graph, with the same plan hash. */
export const letters = pipeline(
  "letters",
  document,
  (g, input) => {
    const pages = g.step("read", ocrTransforms.read, input, { with: { languages: ["eng"], dpi: 200 } });
    return g.step("text", ocrTransforms.text, pages);
  },
  { policy: { deadlineMs: 60_000, completeness: 1 } },
);
