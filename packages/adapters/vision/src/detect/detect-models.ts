import type { ModelSpec } from "@stargate/kernel";

/** Detectors the adapter uses unless its options name others. The digests are those of files this project has run. */
export const detectModels: readonly ModelSpec[] = [
  {
    id: "yolox-nano",
    version: "1.0.0",
    summary: "YOLOX-nano (arXiv:2107.08430): 80 kinds of objects of COCO, at 416 x 416 pixels",
    licence: "Apache-2.0",
    format: "onnx",
    variants: [
      {
        name: "fp32",
        quality: 1,
        files: [
          {
            name: "yolox_nano_416x416.onnx",
            // Nobody has compared the published exports with this one: put the file into a models folder.
            urls: [],
            sha256: "695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14",
            sizeBytes: 3_660_092,
          },
        ],
      },
    ],
    signature: {
      inputs: [{ name: "images", dtype: "float32", shape: [1, 3, 416, 416] }],
      outputs: [{ name: "output", dtype: "float32", shape: [1, 3549, 85] }],
    },
    batching: "none",
  },
  {
    id: "ultraface-rfb-320",
    version: "1.0.0",
    summary: "UltraFace RFB-320: faces, at 320 x 240 pixels",
    licence: "MIT",
    format: "onnx",
    variants: [
      {
        name: "fp32",
        quality: 1,
        files: [
          {
            name: "version-RFB-320.onnx",
            urls: [
              "https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB/raw/master/models/onnx/version-RFB-320.onnx",
            ],
            sha256: "34cd7e60aeff28744c657de7a3dc64e872d506741de66987f3426f2b79f88017",
            sizeBytes: 1_270_727,
          },
        ],
      },
    ],
    signature: {
      inputs: [{ name: "input", dtype: "float32", shape: [1, 3, 240, 320] }],
      outputs: [
        { name: "scores", dtype: "float32", shape: [1, 4420, 2] },
        { name: "boxes", dtype: "float32", shape: [1, 4420, 4] },
      ],
    },
    batching: "none",
  },
];
