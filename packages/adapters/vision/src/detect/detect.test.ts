import { createPortableHost, fail, noCompute } from "@stargate/kernel";
import { createTestContext } from "@stargate/kernel/testing";
import sharp from "sharp";
import { expect, test } from "vitest";
import { parseVisionOptions } from "../vision-options.ts";
import { createDetectTransforms } from "./detect-transforms.ts";
import { runScriptedDetector } from "./scripted-detectors.fixture.ts";

const use = { variant: "fp32", digest: null, backend: "test", device: "cpu", deviceKind: "cpu", pool: "test" } as const;
const host = createPortableHost({
  compute: {
    ...noCompute,
    async run({ model, signal }) {
      signal.throwIfAborted();
      const outputs = runScriptedDetector(model);
      if (outputs === undefined) throw fail("SG_COMPUTE_UNKNOWN_MODEL", `This test has no model "${model}"`);
      return { outputs, use: { model, ...use, attempts: 1, hedged: false, batchItems: 1, queueMs: 0, runMs: 0 } };
    },
  },
});
const { detectObjects, detectFaces } = createDetectTransforms(parseVisionOptions({}));

test("only the first picture of an animation is looked at, and that is said", async () => {
  const frames = Buffer.from(Uint8Array.from({ length: 20 * 30 * 3 }, (_, index) => (index * 7) % 256));
  const gif = await sharp(frames, { raw: { width: 20, height: 30, channels: 3, pageHeight: 10 } })
    .gif()
    .toBuffer();
  const { context, recorded } = createTestContext(detectFaces as never, { host });
  const picture = { blob: new Blob([new Uint8Array(gif)]), mediaType: "image/gif" };
  expect(await detectFaces.run(picture, context)).toMatchObject({ widthPixels: 20, heightPixels: 10 });
  expect(recorded.coverage).toEqual([
    {
      measure: "pixel",
      done: 200,
      of: 600,
      missing: [{ what: "pictures 2-3 of the file", reason: "only the first is looked at" }],
    },
  ]);
});

test.each([
  [{ classes: ["dgo"] }, "classes"],
  [{ classes: [] }, "classes"],
  [{ minScore: 0 }, "minScore"],
  [{ maxOverlap: 1.5 }, "maxOverlap"],
])("the options %j are refused", (options, field) => {
  const parsed = detectObjects.options.safeParse(options);
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
});

test("a model of another kind is refused by name", async () => {
  const mine = createDetectTransforms(parseVisionOptions({ objects: { model: "ultraface-rfb-320" } })).detectObjects;
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } })
    .png()
    .toBuffer();
  const { context } = createTestContext(mine as never, { host });
  const picture = { blob: new Blob([new Uint8Array(png)]), mediaType: "image/png" };
  await expect(mine.run(picture, context)).rejects.toMatchObject({
    code: "SG_VISION_MODEL_OUTPUT",
    message: expect.stringContaining('Model "ultraface-rfb-320" gave no such output') as string,
  });
});
