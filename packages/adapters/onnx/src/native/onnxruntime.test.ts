import { expect, test } from "vitest";
import { squareBytes } from "../../test/tiny-models.ts";
import { onnxOptionsSchema } from "../onnx-options.ts";
import { providerOf, targetOf } from "../probe/providers.ts";
import { sessionOptions } from "../session/session-options.ts";
import { createEngineLoader, loadEngine } from "./onnxruntime.ts";

const failingWith = (code: string, message: string) =>
  createEngineLoader(() => Promise.reject(Object.assign(new TypeError(message), { code })));

test("a missing package says how to install it", async () => {
  await expect(failingWith("ERR_MODULE_NOT_FOUND", "Cannot find package 'onnxruntime-node'")()).rejects.toMatchObject({
    code: "SG_ONNX_NOT_INSTALLED",
    hint: expect.stringContaining("npm install onnxruntime-node@1.30.0"),
  });
});

test.for([
  ["ERR_DLOPEN_FAILED", "Error loading shared library ld-linux-x86-64.so.2"],
  ["MODULE_NOT_FOUND", "Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'"],
])("a binary that this platform cannot load says so (%s)", async ([code = "", message = ""]) => {
  await expect(failingWith(code, message)()).rejects.toMatchObject({ code: "SG_ONNX_PLATFORM" });
});

test("a failure to load is not kept", async () => {
  let tries = 0;
  const load = createEngineLoader(() => {
    tries++;
    return Promise.reject(new TypeError("not yet"));
  });
  await expect(load()).rejects.toMatchObject({ code: "SG_ONNX_NOT_INSTALLED" });
  await expect(load()).rejects.toMatchObject({ code: "SG_ONNX_NOT_INSTALLED" });
  expect(tries).toBe(2);
});

test("Float16Array is still there after the engine is loaded", async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  await loadEngine();
  expect(Object.getOwnPropertyDescriptor(globalThis, "Float16Array")).toEqual(before);
});

test("the engine honours the refusal of CPU nodes", async () => {
  const engine = await loadEngine();
  // Seen from the CPU's side: a session without any accelerator, told that no node may run on the CPU.
  const options = sessionOptions({ ...targetOf(providerOf("cuda:0")!, 0), providers: [] }, onnxOptionsSchema.parse({}));
  const files = { model: squareBytes(), externalData: [] };
  await expect(engine.createSession({ id: "square", device: "cuda:0", files, options })).rejects.toMatchObject({
    code: "SG_ONNX_CPU_NODES",
    hint: expect.stringContaining('cpuNodes: "allow"'),
  });
});
