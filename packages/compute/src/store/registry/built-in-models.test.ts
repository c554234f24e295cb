import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import { idle, openStoreKit } from "../../../test/store/store-kit.ts";
import { builtInModels } from "./built-in-models.ts";

const files = builtInModels.flatMap(({ variants, assets = [] }) => [...variants.flatMap((v) => v.files), ...assets]);

describe("the built-in models", () => {
  test("have a licence each, and addresses that name a fixed revision where their digest is known", () => {
    expect(builtInModels.filter(({ licence }) => !/^[A-Za-z0-9.-]+( AND [A-Za-z0-9.-]+)*$/.test(licence))).toEqual([]);
    const drifting = files.filter(({ urls, sha256 }) => sha256 !== null && urls.some((url) => url.includes("/main/")));
    expect(drifting).toEqual([]);
  });

  test("say of a file either both digest and size, or which of the two is not known", () => {
    const known = files.filter(({ sha256 }) => sha256 !== null).map(({ name }) => name);
    expect(known).toContain("silero_vad_16k_op15.onnx");
    expect(files.filter(({ sha256, sizeBytes }) => sha256 === null && sizeBytes !== null)).toEqual([]);
  });

  test("have the digests of the files beside the checkout", (context) => {
    const sums = new Map(
      readFileSync(sharedFile(context, "models/SHA256SUMS"), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/).toReversed() as [string, string]),
    );
    const common = files.filter(({ name }) => sums.has(basename(name)));
    expect([...new Set(common.map(({ name }) => name))].toSorted()).toEqual([
      "ch_PP-OCRv3_det_infer.onnx",
      "ch_ppocr_mobile_v2.0_cls_infer.onnx",
      "silero_vad_16k_op15.onnx",
    ]);
    for (const { name, sha256 } of common) expect([name, sha256]).toEqual([name, sums.get(name)]);
  });

  test.for([
    ["silero-vad", "fp32"],
    ["pp-ocr-det-v3", "fp32"],
    ["pp-ocr-cls", "fp32-infer"],
  ])("%s is used from a folder that has it", async ([id = "", name], context) => {
    const folder = dirname(sharedFile(context, "models/SHA256SUMS"));
    await using kit = await openStoreKit();
    const store = kit.open({ folders: [folder], fetch: undefined });
    const spec = store.spec(id);
    const variant = spec.variants.find((candidate) => candidate.name === name)!;
    const located = await store.locate(spec, variant, idle);
    expect(Object.values(located.paths)).toEqual([join(folder, variant.files[0]!.name)]);
    expect(readFileSync(join(folder, variant.files[0]!.name))).toHaveLength(variant.files[0]!.sizeBytes!);
  });
});
