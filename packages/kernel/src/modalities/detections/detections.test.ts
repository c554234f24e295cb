import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { detections } from "../index.ts";
import { writeCocoResults } from "./coco-results.ts";
import type { Detections } from "./detections-schema.ts";
import { writeSupervisionJson } from "./supervision-json.ts";

const dog = { label: "dog", classId: 16, score: 0.875, box: [320, 220.5, 582, 404] } as const;
const found: Detections = { widthPixels: 640, heightPixels: 427, classes: "coco-80", detections: [dog] };
const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const decode = async (value: unknown): Promise<unknown> => {
  try {
    return await detections.codecs["application/json"]?.decode?.(new Blob([JSON.stringify(value)]), context);
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : error;
  }
};

describe("detections", () => {
  it("travel as JSON and back", async () => {
    const written = (await detections.codecs["application/json"]?.encode?.(found, context)) as string;
    expect(await decode(JSON.parse(written))).toEqual(found);
    expect(detections.sniff?.(new TextEncoder().encode(written), written.length)).toEqual({
      mediaType: "application/json",
      confidence: 0.6,
    });
  });

  it("are not mistaken for other JSON", () => {
    const other = new TextEncoder().encode('{"detections": 3, "pages": []}');
    expect(detections.sniff?.(other, other.length)).toBeUndefined();
  });

  it("say how many there are, and the most certain one", () => {
    expect(detections.measureOf(found)).toBe(1);
    expect(detections.describe(found)).toEqual({
      detections: 1,
      widthPixels: 640,
      heightPixels: 427,
      classes: "coco-80",
      topLabel: "dog",
      topScore: 0.875,
    });
    expect(detections.describe({ ...found, detections: [] })).toMatchObject({ topLabel: null, topScore: null });
  });

  it.each([
    ["right of the picture", [600, 0, 641, 10]],
    ["above it", [0, -1, 10, 10]],
    ["turned inside out", [10, 10, 5, 20]],
    ["not finite", [0, 0, null, 20]],
  ])("are refused with a box %s", async (_where, box) => {
    expect(await decode({ ...found, detections: [{ ...dog, box }] })).toMatch(/^SG_INPUT_INVALID: .*detections/);
  });
});

describe("COCO results", () => {
  // The first and last class and those beside each gap; ids of the categories as published with COCO 2017.
  it.each([
    ["person", 0, 1],
    ["fire hydrant", 10, 11],
    ["stop sign", 11, 13],
    ["giraffe", 23, 25],
    ["backpack", 24, 27],
    ["umbrella", 25, 28],
    ["handbag", 26, 31],
    ["bottle", 39, 44],
    ["wine glass", 40, 46],
    ["bed", 59, 65],
    ["dining table", 60, 67],
    ["toilet", 61, 70],
    ["tv", 62, 72],
    ["refrigerator", 72, 82],
    ["book", 73, 84],
    ["toothbrush", 79, 90],
  ])("number the category of %s as COCO does", (label, classId, category) => {
    const [result] = JSON.parse(writeCocoResults({ ...found, detections: [{ ...dog, label, classId }] })) as unknown[];
    expect(result).toEqual({ image_id: 0, category_id: category, bbox: [320, 220.5, 262, 183.5], score: 0.875 });
  });

  it.each([
    ["000000000139.jpg", 139],
    ["street.17.png", "street.17"],
  ])("take %s for the image %s", (name, imageId) => {
    expect(JSON.parse(writeCocoResults({ ...found, name }))).toMatchObject([{ image_id: imageId }]);
  });

  it("count the categories of other lists from 1", () => {
    expect(JSON.parse(writeCocoResults({ ...found, classes: "faces" }))).toMatchObject([{ category_id: 17 }]);
  });
});

it("supervision's fields go by its names", () => {
  expect(JSON.parse(writeSupervisionJson(found))).toEqual({
    xyxy: [[320, 220.5, 582, 404]],
    confidence: [0.875],
    class_id: [16],
    data: { class_name: ["dog"] },
  });
});
