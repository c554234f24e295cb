import { pathToFileURL } from "node:url";
import { formatProblems, schemaProblems } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { checkSpec } from "./check-spec.ts";
import { modelConfigSchema } from "./model-config.ts";
import { modelSpecsOf } from "./model-specs-of.ts";

const sha256 = "ab".repeat(32);
const specOf = (config: unknown, id = "mine") => {
  const [spec] = modelSpecsOf({ [id]: modelConfigSchema.parse(config) }, "/etc/stargate");
  return spec!;
};
const problemsOf = (config: unknown): string => {
  const parsed = modelConfigSchema.safeParse(config);
  return parsed.success ? "none" : formatProblems(schemaProblems(parsed.error, modelConfigSchema, config));
};

describe("a declared model", () => {
  test("in the short form is one file, and its extension tells the format", () => {
    const spec = specOf({ path: "./models/m.onnx", sha256: sha256.toUpperCase() });
    expect(spec).toMatchObject({ id: "mine", version: "1.0.0", licence: "NOASSERTION", format: "onnx" });
    expect(spec.variants).toEqual([
      {
        name: "default",
        quality: 1,
        files: [{ name: "m.onnx", urls: [pathToFileURL("/etc/stargate/models/m.onnx").href], sha256, sizeBytes: null }],
      },
    ]);
  });

  test("may have addresses instead of a path; its file is named after the first", () => {
    const { variants } = specOf({ urls: ["https://a.example/x/My%20model.onnx?download=1", "https://b.example/y"] });
    expect(variants[0]?.files).toEqual([
      {
        name: "My model.onnx",
        urls: ["https://a.example/x/My%20model.onnx?download=1", "https://b.example/y"],
        sha256: null,
        sizeBytes: null,
      },
    ]);
    expect(specOf({ urls: "https://a.example/m.onnx" }).variants[0]?.files[0]?.urls).toHaveLength(1);
  });

  test("may have several variants, files and assets", () => {
    const spec = specOf({
      version: "2.1.0",
      licence: "MIT",
      assets: { "labels.txt": { path: "labels.txt" } },
      variants: {
        fp32: { files: { "m.onnx": { path: "m.onnx" }, "weights.bin": { path: "w.bin", sizeBytes: 7 } } },
        int8: { path: "q.onnx", quality: 0.9, devices: ["cpu"], settings: { graphOptimization: "basic" } },
      },
      settings: { intraOpNumThreads: 2 },
      batching: "none",
    });
    expect(spec.variants.map(({ name, quality, files }) => [name, quality, files.map((file) => file.name)])).toEqual([
      ["fp32", 1, ["m.onnx", "weights.bin"]],
      ["int8", 0.9, ["q.onnx"]],
    ]);
    expect(spec.variants[1]).toMatchObject({ devices: ["cpu"], settings: { graphOptimization: "basic" } });
    expect(spec).toMatchObject({
      version: "2.1.0",
      licence: "MIT",
      batching: "none",
      assets: [{ name: "labels.txt" }],
    });
    checkSpec(spec);
  });

  test("may live on somebody else's server", () => {
    const spec = specOf({ format: "open-inference", settings: { url: "http://triton:8000", model: "resnet" } });
    expect(spec).toMatchObject({ format: "open-inference", variants: [{ name: "default", files: [] }] });
  });
});

describe("a declaration is refused", () => {
  test.each<[string, unknown, string]>([
    ["with a mistyped field", { pth: "m.onnx" }, "unknown field 'pth' (did you mean 'path'?)"],
    [
      "with a digest that is none",
      { path: "m.onnx", sha256: "abc" },
      "sha256: expected 64 hex digits, as sha256sum prints them",
    ],
    ["with an address of another kind", { urls: "ftp://a.example/m.onnx" }, "expected an https, http or file URL"],
    ["with a quality above 1", { variants: { a: { quality: 2 } } }, "variants.a.quality"],
    ["without variants", { variants: {} }, "expected at least one variant"],
    [
      "with a file in two places",
      { files: { a: { path: "a", urls: "https://a.example/a" } } },
      "expected path or urls, not both",
    ],
  ])("%s", (_name, config, problem) => {
    expect(problemsOf(config)).toContain(problem);
  });

  test.each<[string, unknown, string]>([
    ["of unknown format", { path: "m.bin" }, 'the format cannot be told: its files are m.bin. Add format: "onnx"'],
    ["of nothing", {}, "the format cannot be told: it has no files"],
    ["in two forms at once", { path: "m.onnx", variants: { a: { path: "m.onnx" } } }, "files stand beside variants"],
    ["with two places", { path: "m.onnx", urls: "https://a.example/m.onnx" }, "expected path or urls, not both"],
    ["with a file and files", { path: "m.onnx", files: {} }, "expected path, urls or files, only one of them"],
    [
      "with code of its own",
      { path: "m.onnx", format: "onnx-program", settings: { program: { module: "file:///tmp/a.js", export: "run" } } },
      "only adapters bring programs",
    ],
    [
      "with code of its own in a variant",
      { format: "onnx-program", variants: { a: { path: "m.onnx", settings: { program: {} } } } },
      "only adapters bring programs",
    ],
    ["with a digest of nothing", { format: "onnx", sha256 }, "a sha256 stands there without a path or urls"],
  ])("%s", (_name, config, message) => {
    expect(() => specOf(config)).toThrow(message);
  });
});
