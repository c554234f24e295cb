import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel/backend";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const onnxErrors = {
  SG_ONNX_NOT_INSTALLED: {
    title: "ONNX Runtime not installed",
    meaning: "The package onnxruntime-node cannot be found.",
    solution: "Run npm install onnxruntime-node@1.30.0.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_ONNX_PLATFORM: {
    title: "ONNX Runtime does not run here",
    meaning: "onnxruntime-node is installed, but has no binary that this platform can load.",
    solution: "Use Linux with glibc (x64 or arm64), macOS on arm64, or Windows.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_ONNX_FLOAT16: {
    title: "float16 tensors unusable in this process",
    meaning:
      "Something used onnxruntime-node before this adapter did, on a Node.js that has Float16Array; version 1.30.0 then misreads float16 tensors.",
    solution: "Load the model in a worker or process in which nothing else uses onnxruntime-node.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_ONNX_CPU_NODES: {
    title: "Model would run partly on the CPU",
    meaning: "The device cannot run every node of the model, and running the others on the CPU was not allowed.",
    solution: 'Set cpuNodes: "allow" in the settings of the model, or load it on the device "cpu".',
    status: 503,
    retryable: false,
    public: true,
  },
  SG_ONNX_RUN_FAILED: {
    title: "Model failed on these inputs",
    meaning: "The inputs fit the model's signature, but a node of the model could not compute them.",
    solution: "Check that the sizes of the inputs agree with one another, as the message says.",
    status: 500,
    retryable: false,
    public: true,
  },
  SG_ONNX_PROGRAM: {
    title: "Program of a model cannot be loaded",
    meaning:
      "A model runs by a program that an adapter brings, and its module is missing, broken or exports no program.",
    solution: "Install the adapter that declares the model again, in the version of the others.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_ONNX_PROGRAM_FAILED: {
    title: "Program of a model failed",
    meaning: "The program that an adapter brings for a model failed in a way it does not explain itself.",
    solution: "Report it to the author of the adapter, with the message and the inputs.",
    status: 500,
    retryable: false,
    public: false,
  },
  SG_ONNX_PROFILE: {
    title: "Operations of the model cannot be counted",
    meaning: "The profile that ONNX Runtime writes of a run is missing, cut off or not to be understood.",
    solution: "Nothing need be done: the model works, only its FLOP/s are not shown.",
    status: 500,
    retryable: false,
    public: false,
  },
} as const satisfies ErrorCatalog;

export type OnnxErrorCode = keyof typeof onnxErrors;

/** Makes an error of this adapter's catalogue or of the kernel's (SG_COMPUTE_MODEL and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...onnxErrors });
