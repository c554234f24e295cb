import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const ocrErrors = {
  SG_OCR_LANGUAGE_MISSING: {
    title: "Language not installed",
    meaning: "The engine has no data for a language that was asked for.",
    solution: "Install the language data the hint names, or ask for one of the languages the message lists.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_OCR_ENGINE_MISSING: {
    title: "Engine not installed",
    meaning: "The OCR engine that was asked for is not on this machine.",
    solution: 'Install the engine, or use engine: "auto".',
    status: 422,
    retryable: false,
    public: true,
  },
  SG_OCR_ENGINE_FAILED: {
    title: "Engine failed",
    meaning: "An OCR or PDF engine ended or failed while it read a page.",
    solution: "Send the request again; try the other engine when it repeats.",
    status: 500,
    retryable: true,
    public: true,
  },
  SG_OCR_PACKAGE_MISSING: {
    title: "Package not installed",
    meaning: "A package this adapter needs cannot be loaded.",
    solution: "Install the package the message names.",
    status: 500,
    retryable: false,
    public: false,
  },
  SG_OCR_PAGE_RANGE: {
    title: "Invalid page range",
    meaning: "The page range is not well formed, or names a page the document does not have.",
    solution: 'Write pages as "1-3,7", counted from 1, within the number of pages.',
    status: 422,
    retryable: false,
    public: true,
  },
  SG_OCR_NO_TEXT_LAYER: {
    title: "Page without text layer",
    meaning: 'The page has no usable text layer and mode "text-layer" forbids reading its picture.',
    solution: 'Use mode: "auto".',
    status: 422,
    retryable: false,
    public: true,
  },
  SG_OCR_INVOICE_FINDING: {
    title: "Doubt about an invoice",
    meaning: "Something on the invoice is ambiguous, contradictory or missing; the invoice's findings say what.",
    solution: "Look at the evidence boxes of the field the item names and decide by hand.",
    status: 422,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type OcrErrorCode = keyof typeof ocrErrors;

/** Makes an error of this adapter's catalogue or of the kernel's (SG_INPUT_CORRUPT and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...ocrErrors });
