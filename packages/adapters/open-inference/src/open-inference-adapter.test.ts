import { describeAdapter } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { openInference } from "./open-inference-adapter.ts";

describeAdapter("the open-inference adapter", {
  create: () => openInference({ servers: { triton: "http://127.0.0.1:8000" }, models: { resnet50: {} } }),
  cases: [],
});

test("an address and a name are all that a model needs", () => {
  const { models, backends } = openInference({
    servers: { triton: "http://127.0.0.1:8000/v2/" },
    models: { resnet50: {}, clip: { name: "clip_vision", version: "3", server: "triton", quality: 0.9 } },
  });
  expect(backends.map(({ id, factory }) => [id, factory])).toEqual([["open-inference", undefined]]);
  expect(models).toMatchObject([
    { id: "resnet50", version: "1", format: "open-inference", settings: {}, variants: [{ files: [], quality: 1 }] },
    { id: "clip", version: "3", settings: { name: "clip_vision", version: "3", server: "triton" } },
  ]);
});

test("without options there is a backend that says that it has no server", async () => {
  const [backend] = openInference().backends;
  const { devices } = await backend!.probe({ signal: new AbortController().signal });
  expect(devices).toEqual([
    expect.objectContaining({ available: false, reason: expect.stringContaining("no server is named") }),
  ]);
});

test.for([
  [{ servers: { triton: "10.0.0.1:8000" } }, /expected the address of a server/],
  [{ servers: { triton: "ftp://10.0.0.1" } }, /expected the address of a server/],
  [{ servers: { triton: "grpc://10.0.0.1:8001" } }, /set `grpc: "allow"`/],
  [
    { servers: { triton: { url: "http://10.0.0.1", binry: "never" } } },
    /unknown field 'binry' \(did you mean 'binary'/,
  ],
  [{ models: { clip: { server: "triton" } } }, /there is no server "triton"/],
  [
    { models: { clip: { signature: { inputs: [{ name: "x", dtype: "FP32", shape: [1] }], outputs: [] } } } },
    /expected an element type/,
  ],
] as const)("%j is refused with what is wrong", ([options, message]) => {
  expect(() => openInference(options as never)).toThrow(
    expect.objectContaining({ code: "SG_OPTIONS_INVALID", message: expect.stringMatching(message) }),
  );
});
