import { fromJSON, type MethodDefinition } from "@grpc/proto-loader";
import { describe, expect, test } from "vitest";
import { createGrpcClient } from "./grpc-client.ts";
import { type GrpcMethod, openInferenceSchema } from "./schema.ts";

// Messages as the protobuf classes of tritonclient 2.73.0 (tritonclient.grpc.service_pb2) serialise them.
const recorded = {
  ServerReady: "0801",
  ModelMetadata:
    "0a06646f75626c651201311a046f6e6e7822160a01781204465033321a0bffffffffffffffffff01022a160a01791204465033321a0bffffffffffffffffff0102",
  ModelConfig:
    "0a3a0a06646f75626c6512106f6e6e7872756e74696d655f6f6e6e781a040a02080120082a080a0178100b2201028a010b6f6e6e7872756e74696d65",
  ModelInfer:
    "0a06646f75626c651201311a013722070a0171120208012a160a01791204465033321a02010222070a01701202100332080000803f00000040",
};
const typed =
  "0a016d2a120a01611204424f4f4c1a01022a040a0201002a1c0a01621205494e5431361a01022a0d120bfbffffffffffffffff01072a230a01631205494e5436341a01022a141a128080808080808080800181808080808080102a140a0164120555494e54381a01022a05220300ff012a1d0a0165120655494e5436341a01022a0d2a0bffffffffffffffffff01012a180a01661204465033321a01022a0a32080000003f000000c02a200a01671204465036341a01022a123a109a9999999999b93f9c7500883ce4377e2a160a0168120542595445531a01022a074201614202c3bc";
const sent = {
  ModelMetadata: "0a06646f75626c65120131",
  ModelInfer: "0a06646f75626c651201312a0d0a01781204465033321a02010232030a01793a080000803f00000040",
};

const service = fromJSON(openInferenceSchema as never, { longs: String, defaults: true, arrays: true })[
  "inference.GRPCInferenceService"
] as unknown as Readonly<Record<GrpcMethod, MethodDefinition<object, object>>>;
const live = new AbortController().signal;

/** A client whose server answers with these bytes, and what it sent, in hex. */
function clientOf(answers: Partial<Record<GrpcMethod, string>>) {
  const requests: string[] = [];
  const client = createGrpcClient({
    name: "test",
    headers: {},
    timeoutMs: 1000,
    channel: async () => ({
      async call(method, request) {
        requests.push(service[method].requestSerialize(request).toString("hex"));
        return service[method].responseDeserialize(Buffer.from(answers[method] ?? "", "hex"));
      },
      close() {},
    }),
  });
  return { client, requests };
}

const double = { name: "double", version: "1" };
const x = { dtype: "float32", shape: [1, 2], data: Float32Array.of(1, 2) } as const;

describe("messages of Triton's own protobuf classes", () => {
  test("are read", async () => {
    const { client } = clientOf(recorded);
    await client.ready(live);
    const tensor = (name: string) => [{ name, datatype: "FP32", shape: [-1, 2] }];
    expect(await client.model(double, live)).toEqual({ inputs: tensor("x"), outputs: tensor("y") });
    expect(await client.maxBatchSize(double, live)).toBe(8);
    expect(await client.infer(double, { inputs: { x }, outputs: ["y"] }, live)).toEqual({ y: x });
  });

  test("are what is sent", async () => {
    const { client, requests } = clientOf(recorded);
    await client.model(double, live);
    await client.infer(double, { inputs: { x }, outputs: ["y"] }, live);
    expect(requests).toEqual([sent.ModelMetadata, sent.ModelInfer]);
  });

  test("are read with typed data of every kind", async () => {
    const { client } = clientOf({ ModelInfer: typed });
    const outputs = await client.infer({ name: "m", version: undefined }, { inputs: {}, outputs: [] }, live);
    expect(
      Object.fromEntries(Object.entries(outputs).map(([name, { dtype, data }]) => [name, { dtype, data }])),
    ).toEqual({
      a: { dtype: "bool", data: Uint8Array.of(1, 0) },
      b: { dtype: "int16", data: Int16Array.of(-5, 7) },
      c: { dtype: "int64", data: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n) },
      d: { dtype: "uint8", data: Uint8Array.of(0, 255) },
      e: { dtype: "uint64", data: BigUint64Array.of(2n ** 64n - 1n, 1n) },
      f: { dtype: "float32", data: Float32Array.of(0.5, -2) },
      g: { dtype: "float64", data: Float64Array.of(0.1, 1e300) },
      h: { dtype: "string", data: ["a", "ü"] },
    });
  });
});

test("a server that says it is not ready is not", async () => {
  const { client } = clientOf({ ServerReady: "" });
  await expect(client.ready(live)).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
});
