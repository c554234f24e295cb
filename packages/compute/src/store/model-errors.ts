import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel";

/** Every error the model store adds to those of the kernel. Codes are never reused. */
export const modelErrors = {
  SG_MODEL_ABSENT: {
    title: "Model not on this machine",
    meaning:
      "The files of the model are not here, and nothing is fetched that the operator has not asked for or allowed.",
    solution: "Run `stargate models pull <name>`, or load a bundle with `stargate models load`.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_MODEL_UNPINNED: {
    title: "Digest of the model not known",
    meaning: "No sha256 is declared for a file of the model, so what comes cannot be told from what should come.",
    solution:
      "Run `stargate models pull <name> --accept` to trust what is there now and refuse any other from then on.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_MODEL_DIGEST: {
    title: "Model file has other bytes",
    meaning: "The sha256 of a model file is not the one that is declared or was accepted. The file is not used.",
    solution: "Run `stargate models pull <name>` to get the file anew; find out who changed it.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_MODEL_DOWNLOAD: {
    title: "Model could not be downloaded",
    meaning:
      "None of the addresses of a model file gave it whole. What came is kept, and the next try goes on from there.",
    solution: "Check the network and the addresses the message names, then run the command again.",
    status: 503,
    retryable: true,
    public: true,
  },
  SG_MODEL_TOO_LARGE: {
    title: "Model file too large",
    meaning: "A model file is larger than the operator allows.",
    solution: "Raise models.maxFileBytes.",
    status: 503,
    retryable: false,
    public: true,
  },
  SG_MODEL_DISK: {
    title: "Not enough disk space for the model",
    meaning: "The disk of the model folder has less free space than the file needs.",
    solution: "Run `stargate models gc`, free space, or move models.directory to a larger disk.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_MODEL_FOLDER: {
    title: "Model folder unusable",
    meaning: "The folder of the model store cannot be read or written.",
    solution: "Correct the permissions of the folder the message names, or set models.directory.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_MODEL_BUNDLE: {
    title: "Bundle unusable",
    meaning: "A file is no bundle of models, ends too early, or holds bytes that are not those its manifest names.",
    solution: "Write the bundle again with `stargate models bundle` and copy it whole.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_MODEL_DECLARATION: {
    title: "Invalid model declaration",
    meaning: "A model is not declared in a way the store can keep: a name, a digest or an address is not well formed.",
    solution: "Correct the field the message names.",
    status: 500,
    retryable: false,
    public: false,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of the store's catalogue or of the kernel's (SG_COMPUTE_UNKNOWN_MODEL and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...modelErrors });
