import { expect, test } from "vitest";
import { physicalGpu, readPowerLine } from "./power-lines.ts";

test.for([
  ["0, 71.32", { gpu: 0, watts: 71.32 }],
  [" 11,  690.00 ", { gpu: 11, watts: 690 }],
  ["1, [N/A]", { gpu: 1, watts: undefined }],
  ["1, [Not Supported]", { gpu: 1, watts: undefined }],
  ["No devices were found", undefined],
  ["", undefined],
] as const)("%j", ([line, read]) => {
  expect(readPowerLine(line)).toEqual(read);
});

test.for([
  [1, undefined, 1],
  [1, "", 1],
  [0, "3,1", 3],
  [1, "3, 1", 1],
  [2, "3,1", undefined],
  [0, "GPU-8f1c", undefined],
] as const)("CUDA device %i of CUDA_VISIBLE_DEVICES=%s", ([device, visible, gpu]) => {
  expect(physicalGpu(device, visible)).toBe(gpu);
});
