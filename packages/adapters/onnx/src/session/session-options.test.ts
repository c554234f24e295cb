import { expect, test } from "vitest";
import { onnxOptionsSchema } from "../onnx-options.ts";
import { providerOf, targetOf } from "../probe/providers.ts";
import { sessionOptions } from "./session-options.ts";

const optionsOn = (device: string, input = {}) =>
  sessionOptions(targetOf(providerOf(device)!, 1), onnxOptionsSchema.parse(input));

test("one thread by default, so that workers do not fight for cores", () => {
  expect(optionsOn("cpu")).toMatchObject({ intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential" });
});

test("threads do not spin while they wait when there are several", () => {
  const { extra, executionMode } = optionsOn("cpu", { intraOpNumThreads: 4, interOpNumThreads: 2 });
  expect(extra.session).toEqual({ intra_op: { allow_spinning: "0" }, inter_op: { allow_spinning: "0" } });
  expect(executionMode).toBe("parallel");
});

test("a session on a GPU names that GPU only and refuses the CPU, unless it is allowed", () => {
  const { executionProviders, extra } = optionsOn("cuda:1");
  expect(executionProviders).toEqual([{ name: "cuda", deviceId: 1 }]);
  expect(extra.session).toEqual({ disable_cpu_ep_fallback: "1" });
  expect(optionsOn("cuda:1", { cpuNodes: "allow" }).extra.session).toEqual({});
});

test("TensorRT leaves nodes to CUDA on the same GPU", () => {
  expect(optionsOn("tensorrt:1").executionProviders).toEqual([
    { name: "tensorrt", deviceId: 1 },
    { name: "cuda", deviceId: 1 },
  ]);
});
