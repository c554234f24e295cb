import type { Box } from "@stargate/kernel";
import type { GrayImage } from "../image/gray-image.ts";

/** A word as an engine reads it. Boxes in pixels of the raster it was given. */
export interface RecognisedWord {
  readonly text: string;
  readonly box: Box;
  /** 0-1 */
  readonly confidence: number;
}

export interface RecognisedLine {
  readonly box: Box;
  readonly words: readonly RecognisedWord[];
  /** End points of the base line [x0, y0, x1, y1]. */
  readonly baseline?: Box | undefined;
}

export interface RecogniseRequest {
  readonly image: GrayImage;
  readonly languages: readonly string[];
  readonly dpi: number;
  /** "page" finds columns and blocks; "block" takes the raster for one block of text; "sparse" looks for words anywhere. */
  readonly layout: "page" | "block" | "sparse";
  readonly signal: AbortSignal;
}

export type EngineName = "native" | "tesseract.js";

/** Tesseract's page segmentation modes. */
export const segmentationModes: Readonly<Record<RecogniseRequest["layout"], string>> = {
  page: "3",
  block: "6",
  sparse: "11",
};

/** What an engine needs to know about the machine; plain data, so that it can travel to a worker. */
export interface EngineSettings {
  readonly tesseractPath?: string | undefined;
  readonly languageFolders: readonly string[];
}

/** Something that reads a raster. */
export interface OcrEngine {
  readonly name: EngineName;
  /** Lines in the order the engine found them. Throws SG_OCR_ENGINE_FAILED, SG_OCR_LANGUAGE_MISSING, SG_RUN_CANCELLED. */
  recognise(request: RecogniseRequest): Promise<readonly RecognisedLine[]>;
}
