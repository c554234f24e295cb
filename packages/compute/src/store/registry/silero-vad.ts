import type { ModelSpec } from "@stargate/kernel";

/** Revision of the upstream repository (release 6.2.1) whose file has the digest below. */
const REVISION = "7e30209a3e901f9842f81b225f3e93d8199902b1";

/** Silero VAD for 16 kHz: one probability per 512 samples, state carried by the caller (snakers4/silero-vad). */
export const sileroVad: ModelSpec = {
  id: "silero-vad",
  version: "6.2.1",
  summary: "Where somebody speaks: probability per 32 ms of 16 kHz audio",
  licence: "MIT",
  format: "onnx",
  variants: [
    {
      name: "fp32",
      quality: 1,
      files: [
        {
          name: "silero_vad_16k_op15.onnx",
          urls: [
            `https://raw.githubusercontent.com/snakers4/silero-vad/${REVISION}/src/silero_vad/data/silero_vad_16k_op15.onnx`,
          ],
          sha256: "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49",
          sizeBytes: 1_289_603,
        },
      ],
    },
  ],
  // As the file says. The state makes items depend on one another's order, so nothing is batched across calls.
  signature: {
    inputs: [
      { name: "input", dtype: "float32", shape: ["batch", "sequence"] },
      { name: "state", dtype: "float32", shape: [2, "batch", 128] },
      { name: "sr", dtype: "int64", shape: [] },
    ],
    outputs: [
      { name: "output", dtype: "float32", shape: ["batch", 1] },
      { name: "stateN", dtype: "float32", shape: [-1, "batch", -1] },
    ],
  },
  batching: "none",
};
