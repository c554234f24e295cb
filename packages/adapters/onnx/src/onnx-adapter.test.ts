import { openGate } from "@stargate/kernel";
import { expect, test } from "vitest";
import { live } from "../test/load-model.ts";
import onnx from "./index.ts";

test("a gate opens with the adapter", async () => {
  await using gate = await openGate({ adapters: [onnx()] });
  expect(gate).toBeDefined();
});

test("an unknown option is refused, with the nearest one", () => {
  expect(() => onnx({ devise: "cpu" } as never)).toThrow(
    expect.objectContaining({ code: "SG_OPTIONS_INVALID", message: expect.stringContaining("did you mean 'device'?") }),
  );
});

test("the check of the machine names the engine, the CUDA libraries and what each device says", async () => {
  const checks = (await onnx().check?.({ signal: live })) ?? [];
  expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(["onnxruntime-node", "devices"]));
  expect(checks[0]).toMatchObject({ status: "ok", message: expect.stringContaining("1.30.0, built with cpu") });
  expect(checks.at(-1)).toMatchObject({ status: "ok", message: expect.stringContaining("cpu works") });
});

test("the check fails when the device for models is not there", async () => {
  const checks = (await onnx({ device: "cuda:99" }).check?.({ signal: live })) ?? [];
  expect(checks.at(-1)).toMatchObject({ name: "devices", status: "failed", hint: expect.stringContaining("device") });
});
