import { defineTransform, document, image } from "@stargate/kernel";

/** `ocr.page`: a picture as a document of one page (or one per frame). */
export const imageTransform = defineTransform({
  id: "ocr.page",
  version: "1.0.0",
  summary: "Takes a picture for a page of a document",
  from: image,
  to: document,
  coverage: "whole",
  cost: () => ({ ms: 0.1 }),
  run: (input) => input,
});
