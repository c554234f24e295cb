import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const visionErrors = {
  SG_VISION_PACKAGE_MISSING: {
    title: "Package not installed",
    meaning: "The package that decodes images cannot be loaded.",
    solution: "Install the package the message names.",
    status: 500,
    retryable: false,
    public: false,
  },
  SG_VISION_VOCABULARY: {
    title: "Vocabulary missing or of another kind",
    meaning: "The text model comes without tokenizer.json, or with one that is no byte-level BPE vocabulary of CLIP.",
    solution: "Declare the tokenizer.json that was exported with the model among its assets.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_VISION_MODEL_OUTPUT: {
    title: "Model gives something else",
    meaning: "A model's outputs are not those that this adapter reads: another name, shape or type.",
    solution: "Export the model as the adapter's README describes, or name the model that was.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_VISION_DETECTIONS_LEFT_OUT: {
    title: "More was found than asked for",
    meaning: "More was found in a picture than max allows; the least certain are left out. Itemised, never thrown.",
    solution: "Raise max, or minScore.",
    status: 200,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type VisionErrorCode = keyof typeof visionErrors;

/** Makes an error of this adapter's catalogue or of the kernel's (SG_INPUT_CORRUPT and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...visionErrors });
