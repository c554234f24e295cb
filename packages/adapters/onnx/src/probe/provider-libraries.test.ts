import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missingLibraries } from "./provider-libraries.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-test-"));
  await writeFile(join(folder, "libonnxruntime_providers_shared.so"), "");
  await writeFile(join(folder, "libonnxruntime_providers_cuda.so"), "");
});
afterAll(() => rm(folder, { recursive: true }));

test("libraries of a provider are looked for beside the binary", async () => {
  expect(await missingLibraries("cuda", folder, "linux")).toEqual([]);
  expect(await missingLibraries("tensorrt", folder, "linux")).toEqual(["libonnxruntime_providers_tensorrt.so"]);
  expect(await missingLibraries("cuda", folder, "win32")).toEqual([
    "onnxruntime_providers_shared.dll",
    "onnxruntime_providers_cuda.dll",
  ]);
});

test("providers inside the binary need none", async () => {
  expect(await missingLibraries("webgpu", folder, "linux")).toEqual([]);
});
