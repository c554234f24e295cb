import { defineModelProgram, type ModelSpec } from "@stargate/kernel";

/** Revision of the upstream repository (release 6.2.1) whose file has the digest below. */
const REVISION = "7e30209a3e901f9842f81b225f3e93d8199902b1";
const FILE = "silero_vad_16k_op15.onnx";

/** The file of the model store's `silero-vad`, with the loop over its windows beside it. */
export const sileroModel: ModelSpec = {
  id: "silero-vad-stream",
  version: "6.2.1",
  summary: "Where somebody speaks: probabilities for as many windows of 32 ms as there are",
  licence: "MIT",
  format: "onnx-program",
  variants: [
    {
      name: "fp32",
      quality: 1,
      files: [
        {
          name: FILE,
          urls: [`https://raw.githubusercontent.com/snakers4/silero-vad/${REVISION}/src/silero_vad/data/${FILE}`],
          sha256: "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49",
          sizeBytes: 1_289_603,
        },
      ],
    },
  ],
  settings: {
    program: defineModelProgram({ base: import.meta.url, module: "./silero-program", export: "sileroProgram" }),
    parts: { model: FILE },
    // Tiny matrices: threads cost more than they bring.
    intraOpNumThreads: 1,
  },
  batching: "none",
};
