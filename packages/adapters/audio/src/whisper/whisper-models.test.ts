import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import { whisperOptionsSchema, whisperSpecs } from "./whisper-options.ts";

const specs = whisperSpecs(whisperOptionsSchema.parse({}));
const files = specs.flatMap(({ variants }) => variants.flatMap((variant) => variant.files));

test("files of known digest come from a fixed revision, and what is not known is not guessed", () => {
  const drifting = files.filter(({ urls, sha256 }) => sha256 !== null && urls.some((url) => url.includes("/main/")));
  expect(drifting).toEqual([]);
  expect(files.filter(({ sha256, sizeBytes }) => (sha256 === null) !== (sizeBytes === null))).toEqual([]);
  expect(files.filter(({ sha256 }) => sha256 !== null).map(({ name }) => name)).toContain(
    "encoder_model_quantized.onnx",
  );
});

test("vocabularies have the digests of the files beside the checkout", (context) => {
  const sums = readFileSync(sharedFile(context, "models/SHA256SUMS"), "utf8").trim().split("\n");
  const digests = new Map(sums.map((line) => line.split(/\s+/).toReversed() as [string, string]));
  const common = new Map(
    files.filter(({ name }) => digests.has(basename(name))).map((file) => [file.name, file.sha256]),
  );
  expect([...common.keys()].toSorted()).toEqual(["gpt2.tiktoken", "multilingual.tiktoken"]);
  for (const [name, sha256] of common) expect(sha256).toBe(digests.get(name));
});

test("each variant names the files of its own parts", () => {
  for (const { variants } of specs)
    for (const { files: own, settings } of variants) {
      const parts = Object.values(settings?.["parts"] as Record<string, string>);
      expect(own.map(({ name }) => name)).toEqual([...parts, expect.stringMatching(/\.tiktoken$/)]);
    }
});

test("halves are the same files as the whole", () => {
  const all = whisperSpecs(whisperOptionsSchema.parse({ split: true }));
  const byId = new Map(all.map((spec) => [spec.id, spec]));
  expect(all).toHaveLength(3 * specs.length);
  for (const { id, variants } of specs) {
    const [encoder, decoder] = [byId.get(`${id}-encoder`), byId.get(`${id}-decoder`)];
    const halves = variants.map((_, index) => [...encoder!.variants[index]!.files, ...decoder!.variants[index]!.files]);
    expect(halves).toEqual(variants.map((variant) => variant.files));
  }
});
