import { type Compute, createPortableHost } from "@stargate/kernel";
import { expect, test } from "vitest";
import { tinyTokenizerFile } from "./tiny-vocabulary.fixture.ts";
import { createTokenizerCache } from "./tokenizer-cache.ts";

const live = new AbortController().signal;

/** Models whose files are what the answers say, one answer per reading. */
function assetsOf(...answers: readonly (() => Promise<Record<string, Blob>>)[]) {
  let readings = 0;
  const compute = {
    run: () => Promise.reject(new TypeError("no model is run here")),
    assets: () => (answers[readings++] ?? answers.at(-1))!(),
  } satisfies Compute;
  const { offload } = createPortableHost();
  return { reader: { compute, offload }, readings: () => readings };
}

const sound = async () => ({ "tokenizer.json": new Blob([tinyTokenizerFile()]) });
const broken = () => Promise.reject(new TypeError("gone"));

test("runs that ask at once share one reading, and later ones have it", async () => {
  const { reader, readings } = assetsOf(sound);
  const tokenizerOf = createTokenizerCache("m");
  const [one, two] = await Promise.all([tokenizerOf(reader, live), tokenizerOf(reader, live)]);
  expect(one).toBe(two);
  expect(await tokenizerOf(reader, live)).toBe(one);
  expect(readings()).toBe(1);
});

test("a reading that fails is the failure of the one who began it; the others read for themselves", async () => {
  const { reader, readings } = assetsOf(broken, sound);
  const tokenizerOf = createTokenizerCache("m");
  const [first, second] = await Promise.allSettled([tokenizerOf(reader, live), tokenizerOf(reader, live)]);
  expect([first.status, second.status, readings()]).toEqual(["rejected", "fulfilled", 2]);
});

test("who has given up does not begin a reading", async () => {
  const { reader, readings } = assetsOf(broken, sound);
  const tokenizerOf = createTokenizerCache("m");
  const results = await Promise.allSettled([tokenizerOf(reader, live), tokenizerOf(reader, AbortSignal.abort())]);
  expect(results[1]).toMatchObject({ reason: { code: "SG_RUN_CANCELLED" } });
  expect(readings()).toBe(1);
});

test("a model without tokenizer.json is refused", async () => {
  const { reader } = assetsOf(async () => ({}));
  await expect(createTokenizerCache("m")(reader, live)).rejects.toMatchObject({ code: "SG_VISION_VOCABULARY" });
});
