import type { ModelFile, ModelSpec } from "@stargate/kernel";
import { expect, test } from "vitest";
import { builtInModels } from "../registry/built-in-models.ts";
import { checkSpec } from "./check-spec.ts";

const file: ModelFile = { name: "m.onnx", urls: [], sha256: null, sizeBytes: null };
const spec = (rest: Partial<ModelSpec>): ModelSpec => ({
  id: "m",
  version: "1.0.0",
  summary: "",
  licence: "MIT",
  format: "onnx",
  variants: [],
  ...rest,
});
const withFiles = (...files: readonly Partial<ModelFile>[]) =>
  spec({ variants: [{ name: "fp32", quality: 1, files: files.map((given) => ({ ...file, ...given })) }] });

test.each(builtInModels.map((model) => [model.id, model] as const))(
  "the built-in model %s can be kept",
  (_id, model) => {
    expect(() => checkSpec(model)).not.toThrow();
  },
);

test.each<[string, ModelSpec, string]>([
  ["no variant", spec({}), 'Model "m" 1.0.0: there is no variant'],
  ["no name", withFiles({ name: "" }), 'the file name "" is no path inside a folder'],
  ["a name that leaves its folder", withFiles({ name: "../m.onnx" }), '"../m.onnx" is no path inside a folder'],
  ["an absolute name", withFiles({ name: "/m.onnx" }), '"/m.onnx" is no path inside a folder'],
  ["a name of another system", withFiles({ name: "a\\m.onnx" }), "is no path inside a folder"],
  ["a digest in capitals", withFiles({ sha256: "AB".repeat(32) }), "not 64 lower-case hex digits"],
  ["a size of nothing", withFiles({ sizeBytes: 0 }), 'the size of "m.onnx" is 0'],
  [
    "an address of another kind",
    withFiles({ urls: ["s3://bucket/m"] }),
    '"s3://bucket/m" of file "m.onnx" is no https',
  ],
  ["one file twice", withFiles({}, {}), 'the file "m.onnx" stands there twice'],
  ["a quality above 1", spec({ variants: [{ name: "a", quality: 1.1, files: [] }] }), "is 1.1, not 0 to 1"],
])("a declaration with %s is refused", (_name, model, message) => {
  expect(() => checkSpec(model)).toThrow(message);
});
