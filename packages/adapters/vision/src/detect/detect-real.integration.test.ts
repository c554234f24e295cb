import { openAsBlob } from "node:fs";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createPortableHost, type Detections, openGate, receiptSchema } from "@stargate/kernel";
import { createTestContext } from "@stargate/kernel/testing";
import { expect, test, type TestContext } from "vitest";
import { createOnnxPlane } from "../../../../../test/support/onnx-plane.ts";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import vision from "../index.ts";
import { parseVisionOptions } from "../vision-options.ts";
import type { Box } from "./candidate.ts";
import { detectModels } from "./detect-models.ts";
import { createDetectTransforms } from "./detect-transforms.ts";
import { overlapOf } from "./suppress-overlaps.ts";

const files = { "yolox-nano": "models/yolox_nano_416x416.onnx", "ultraface-rfb-320": "models/version-RFB-320.onnx" };

const planeOf = (context: TestContext) =>
  createOnnxPlane({
    "yolox-nano": { file: sharedFile(context, files["yolox-nano"]) },
    "ultraface-rfb-320": { file: sharedFile(context, files["ultraface-rfb-320"]) },
  });

const pictureOf = async (context: TestContext, name: string) => ({
  blob: await openAsBlob(sharedFile(context, `parity/clip-tiny-random/images/${name}`)),
  mediaType: name.endsWith(".png") ? "image/png" : "image/jpeg",
  name,
});

async function find(
  context: TestContext,
  verb: "detectObjects" | "detectFaces",
  name: string,
  options: Readonly<Record<string, unknown>> = {},
) {
  await using plane = planeOf(context);
  const transform = createDetectTransforms(parseVisionOptions({}))[verb];
  const run = createTestContext(transform as never, { host: createPortableHost({ compute: plane }), options });
  const value: Detections = await transform.run(await pictureOf(context, name), run.context);
  return { ...value, recorded: run.recorded };
}

/** The detection that overlaps most with a box drawn by hand around what is to be seen. */
const bestFor = (drawn: Box, { detections }: Detections) =>
  detections
    .map((one) => ({ ...one, overlap: overlapOf(one.box, drawn) }))
    .toSorted((a, b) => b.overlap - a.overlap)[0];

test("the files that were tested are those the models are pinned to", async (context) => {
  for (const { id, variants } of detectModels) {
    const bytes = await readFile(sharedFile(context, files[id as keyof typeof files]));
    expect(variants[0]?.files[0]).toMatchObject({
      sha256: createHash("sha256").update(bytes).digest("hex"),
      sizeBytes: bytes.length,
    });
  }
});

/**
 * By Megvii's demo pipeline in Python: OpenCV 5.0.0, ONNX Runtime 1.31.1, scores of 0.3 and more, overlap 0.45.
 * JPEG decoders differ by single values, and OpenCV rounds weights: half a pixel, a hundredth of a score.
 */
const reference: Readonly<Record<string, readonly (readonly [string, number, Box])[]>> = {
  "dogs.jpg": [["dog", 0.8532, [228.37, 71.17, 569.89, 419.0]]],
  "dogs-400.png": [["dog", 0.8563, [142.09, 44.14, 356.84, 263.12]]],
  "wolves.jpg": [
    ["sheep", 0.9148, [226.51, 105.92, 394.42, 272.46]],
    ["sheep", 0.8913, [26.95, 127.26, 236.51, 276.04]],
    ["sheep", 0.604, [0.06, 141.96, 58.62, 269.09]],
  ],
  "crowd.jpg": [
    ["person", 0.8317, [555.64, 260.39, 594.6, 366.75]],
    ["person", 0.8147, [267.45, 269.3, 307.94, 381.39]],
    ["person", 0.8134, [113.47, 268.51, 143.33, 348.48]],
    ["person", 0.7866, [523.12, 258.04, 554.8, 359.9]],
    ["person", 0.7798, [180.16, 272.17, 234.67, 386.53]],
    ["person", 0.7707, [416.26, 261.67, 456.05, 364.01]],
    ["person", 0.7475, [387.54, 263.42, 416.63, 344.1]],
    ["person", 0.7287, [148.1, 266.81, 183.82, 349.87]],
    ["person", 0.6718, [340.39, 254.54, 366.23, 338.49]],
    ["person", 0.6362, [486.12, 256.59, 514.18, 343.69]],
    ["person", 0.6175, [324.73, 256.5, 346.83, 325.91]],
    ["person", 0.4119, [209.03, 327.83, 234.09, 386.78]],
    ["person", 0.3994, [244.89, 247.82, 259.39, 281.69]],
    ["person", 0.3734, [223.37, 283.41, 244.35, 330.52]],
    ["person", 0.365, [413.77, 264.44, 436.81, 348.87]],
    ["person", 0.3591, [296.47, 262.3, 328.07, 378.33]],
  ],
  "multi_line_text.jpg": [],
};

test.for(Object.entries(reference))("%s: the objects are those of the reference", async ([name, expected], context) => {
  const { detections, widthPixels, heightPixels } = await find(context, "detectObjects", name);
  expect(detections.map(({ label }) => label)).toEqual(expected.map(([label]) => label));
  for (const [index, { score, box }] of detections.entries()) {
    const [, referenceScore = 0, referenceBox = []] = expected[index] ?? [];
    expect(Math.abs(score - referenceScore)).toBeLessThanOrEqual(0.01);
    for (const [side, value] of box.entries())
      expect(Math.abs(value - (referenceBox[side] ?? Number.NaN))).toBeLessThanOrEqual(0.5);
    expect(box[0] >= 0 && box[1] >= 0 && box[2] <= widthPixels && box[3] <= heightPixels).toBe(true);
  }
});

test("people, animals and faces are where they are to be seen", async (context) => {
  const crowd = await find(context, "detectObjects", "crowd.jpg");
  const wolves = await find(context, "detectObjects", "wolves.jpg");
  const dogs = await find(context, "detectObjects", "dogs.jpg");
  const faces = await find(context, "detectFaces", "crowd.jpg");
  const seen: readonly (readonly [Detections, string, Box])[] = [
    [crowd, "person", [556, 260, 597, 364]], // the woman in red on the right
    [crowd, "person", [522, 256, 556, 360]], // the one beside her
    [crowd, "person", [421, 257, 457, 364]], // the man who walks towards the camera
    [crowd, "person", [272, 267, 328, 382]], // the one in blue with the right bicycle
    [crowd, "person", [183, 272, 231, 383]], // the one in black with the left bicycle
    [wolves, "sheep", [225, 117, 392, 273]], // COCO knows no wolves
    [wolves, "sheep", [32, 129, 233, 275]],
    [dogs, "dog", [226, 71, 582, 407]], // both dogs: this model takes them for one
    [faces, "face", [434, 260, 444, 275]],
  ];
  for (const [found, label, drawn] of seen) {
    const best = bestFor(drawn, found);
    expect(best).toMatchObject({ label });
    expect(best?.overlap, `${label} at ${drawn.join()}`).toBeGreaterThan(0.5);
  }
});

test("the faces are those of the reference", async (context) => {
  const { detections, classes } = await find(context, "detectFaces", "crowd.jpg", { minScore: 0.5 });
  const expectedBoxes: readonly Box[] = [
    [495.98, 283.89, 506.25, 296.39], // scoops of ice cream, in truth
    [434.36, 262.35, 442.88, 273.69],
    [403.31, 267.26, 411.24, 277.16],
    [537.19, 265.07, 546.11, 276.26],
  ];
  expect(classes).toBe("faces");
  expect(detections.map(({ label }) => label)).toEqual(["face", "face", "face", "face"]);
  for (const [index, { box }] of detections.entries())
    expect(overlapOf(box, expectedBoxes[index] ?? [0, 0, 0, 0])).toBeGreaterThan(0.95);
});

test("what is left out of the answer is the least certain, and is counted", async (context) => {
  const all = await find(context, "detectObjects", "crowd.jpg");
  const { detections, recorded } = await find(context, "detectObjects", "crowd.jpg", { max: 5 });
  expect(detections).toEqual(all.detections.slice(0, 5));
  expect(recorded.issues).toMatchObject([
    { code: "SG_VISION_DETECTIONS_LEFT_OUT", message: expect.stringContaining("11 of 16") as string },
  ]);
  expect(all.recorded.issues).toEqual([]);
});

test("a higher score or another class gives a part of the same answer", async (context) => {
  const all = await find(context, "detectObjects", "crowd.jpg", { minScore: 0.05 });
  const sure = await find(context, "detectObjects", "crowd.jpg", { minScore: 0.7 });
  const lights = await find(context, "detectObjects", "crowd.jpg", { minScore: 0.05, classes: ["traffic light"] });
  expect(sure.detections).toEqual(all.detections.filter(({ score }) => score >= 0.7));
  expect(lights.detections).toEqual(all.detections.filter(({ label }) => label === "traffic light"));
  expect(lights.detections.length).toBeGreaterThan(0);
});

test("a gate answers with COCO results, and says what ran and that all was looked at", async (context) => {
  await using plane = planeOf(context);
  await using gate = await openGate({ adapters: [vision()], host: createPortableHost({ compute: plane }) });
  const { blob } = await pictureOf(context, "wolves.jpg");
  const answer = await gate.run(blob, { to: "detections" }, { name: "000000000139.jpg" });
  const { body } = await gate.encode(answer.payload, "application/vnd.coco-results+json");
  expect(JSON.parse(await new Response(body).text())).toMatchObject([
    { image_id: 139, category_id: 20 },
    { image_id: 139, category_id: 20 },
    { image_id: 139, category_id: 20 },
  ]);
  expect(receiptSchema.parse(answer.receipt)).toMatchObject({
    steps: [{ uses: "vision.detect-objects@1.0.0", models: [{ model: "yolox-nano", backend: "onnx" }] }],
    coverage: [{ measure: "pixel", done: 500 * 334, of: 500 * 334 }],
  });
});
