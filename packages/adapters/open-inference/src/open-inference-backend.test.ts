import type { Tensor } from "@stargate/kernel";
import { describeBackend } from "@stargate/kernel/testing";
import { afterAll, describe, expect, test } from "vitest";
import { startGrpcServer } from "../test/grpc-server.ts";
import { startHttpServer } from "../test/http-server.ts";
import { createBackend, floats, live, loadFrom, sourceOf } from "../test/subject.ts";

const http = await startHttpServer();
const plain = await startHttpServer({ extensions: [] });
const grpc = await startGrpcServer();
afterAll(() => Promise.all([http, plain, grpc].map((server) => server[Symbol.asyncDispose]())));

const ways = [
  ["HTTP with binary data", http.url],
  ["HTTP with JSON", plain.url],
  ["gRPC", grpc.url],
] as const;

for (const [way, url] of ways)
  describeBackend(`open-inference over ${way}`, {
    create: () => createBackend({ servers: { test: url } }),
    source: sourceOf("double"),
    inputs: () => ({ x: floats(1, 2, 3.5) }),
    otherInputs: () => ({ x: floats(4, 5, 6) }),
    outputs: { y: floats(2, 4, 7) },
    damaged: sourceOf("no-such-model"),
  });

const samples: readonly (readonly [string, Tensor])[] = [
  ["BOOL", { dtype: "bool", shape: [2], data: Uint8Array.of(0, 1) }],
  ["UINT8", { dtype: "uint8", shape: [2], data: Uint8Array.of(0, 255) }],
  ["UINT16", { dtype: "uint16", shape: [2], data: Uint16Array.of(0, 65_535) }],
  ["UINT32", { dtype: "uint32", shape: [2], data: Uint32Array.of(0, 4_294_967_295) }],
  ["UINT64", { dtype: "uint64", shape: [2], data: BigUint64Array.of(0n, 255n) }],
  ["INT8", { dtype: "int8", shape: [2], data: Int8Array.of(-128, 127) }],
  ["INT16", { dtype: "int16", shape: [2], data: Int16Array.of(-32_768, 32_767) }],
  ["INT32", { dtype: "int32", shape: [2], data: Int32Array.of(-2_147_483_648, 2_147_483_647) }],
  ["INT64", { dtype: "int64", shape: [2], data: BigInt64Array.of(-(2n ** 52n), 7n) }],
  ["FP16", { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0x0001) }],
  ["BF16", { dtype: "bfloat16", shape: [2], data: Uint16Array.of(0x3f80, 0x7f7f) }],
  ["FP32", { dtype: "float32", shape: [2], data: Float32Array.of(0.1, -7) }],
  ["FP64", { dtype: "float64", shape: [2], data: Float64Array.of(0.1, 5e-324) }],
  ["BYTES", { dtype: "string", shape: [2], data: ["", "grün 日本"] }],
  ["FP32", { dtype: "float32", shape: [0], data: new Float32Array() }],
];

describe.for(ways)("over %s", ([, url]) => {
  test.for(samples)("a tensor of %s comes back unchanged", async ([datatype, x]) => {
    await using model = await loadFrom(url, `echo-${datatype.toLowerCase()}`);
    expect(await model.run({ x }, { signal: live })).toEqual({ y: x });
  });

  test("the first dimension is called batch where the server batches", async () => {
    await using batched = await loadFrom(url, "batched");
    await using single = await loadFrom(url, "double");
    expect(batched.signature.inputs).toEqual([{ name: "x", dtype: "float32", shape: ["batch", 3] }]);
    expect(single.signature.outputs).toEqual([{ name: "y", dtype: "float32", shape: [-1] }]);
  });

  test("a batch larger than the server takes is run in parts", async () => {
    await using model = await loadFrom(url, "batched");
    const data = Float32Array.from({ length: 15 }, (_, index) => index);
    const { y } = await model.run({ x: { dtype: "float32", shape: [5, 3], data } }, { signal: live });
    expect(y).toEqual({ dtype: "float32", shape: [5, 3], data: data.map((value) => 2 * value) });
  });

  test("a server that tells no signature needs one in the settings", async () => {
    const backend = createBackend({ servers: { test: url } });
    await expect(backend.load(sourceOf("silent"), { signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_MODEL",
      hint: expect.stringContaining("signature"),
    });
    const spec = (name: string) => [{ name, dtype: "float32", shape: ["n"] }];
    const settings = { signature: { inputs: spec("x"), outputs: spec("y") } };
    const model = await backend.load(sourceOf("silent", settings), { signal: live });
    expect(await model.run({ x: floats(4) }, { signal: live })).toEqual({ y: floats(8) });
    await backend.close();
  });

  test("a model may have another name and a version on the server", async () => {
    const backend = createBackend({ servers: { test: url } });
    const model = await backend.load(sourceOf("mine", { name: "double", version: "1" }), { signal: live });
    expect(await model.run({ x: floats(3) }, { signal: live })).toEqual({ y: floats(6) });
    await backend.close();
  });
});
