import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../contract/compute-backend.ts";
import type { JsonObject } from "../../util/json.ts";
import { datatypeOf } from "./datatypes.ts";
import { decodeMessage, encodeMessage } from "./message.ts";

const samples: readonly Tensor[] = [
  { dtype: "bool", shape: [2], data: Uint8Array.of(0, 1) },
  { dtype: "uint8", shape: [2], data: Uint8Array.of(0, 255) },
  { dtype: "uint16", shape: [2], data: Uint16Array.of(0, 65_535) },
  { dtype: "uint32", shape: [2], data: Uint32Array.of(0, 4_294_967_295) },
  { dtype: "uint64", shape: [2], data: BigUint64Array.of(0n, 2n ** 64n - 1n) },
  { dtype: "int8", shape: [2], data: Int8Array.of(-128, 127) },
  { dtype: "int16", shape: [2], data: Int16Array.of(-32_768, 32_767) },
  { dtype: "int32", shape: [2], data: Int32Array.of(-2_147_483_648, 2_147_483_647) },
  { dtype: "int64", shape: [3], data: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n, 7n) },
  // Bits of 1, the largest, the smallest.
  { dtype: "float16", shape: [3], data: Uint16Array.of(0x3c00, 0x7bff, 0x0001) },
  { dtype: "bfloat16", shape: [3], data: Uint16Array.of(0x3f80, 0x7f7f, 0x0001) },
  { dtype: "float32", shape: [2, 2], data: Float32Array.of(-0, 0.1, -3.4028234663852886e38, 1e-45) },
  { dtype: "float64", shape: [5], data: Float64Array.of(1.7976931348623157e308, 5e-324, 1e21, 1e-7, -0) },
  { dtype: "string", shape: [2, 1], data: ["", 'grün "日本" \u2028'] },
  { dtype: "float32", shape: [], data: Float32Array.of(4) },
  { dtype: "int64", shape: [0, 3], data: new BigInt64Array() },
];

const text = (message: { readonly body: Uint8Array }) => new TextDecoder().decode(message.body);
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

describe("a tensor is the same after its message:", () => {
  test.for(samples.map((tensor) => [datatypeOf(tensor.dtype), tensor] as const))("%s", ([, tensor]) => {
    for (const binary of [true, false]) {
      const { body, headerBytes } = encodeMessage({}, "outputs", [{ name: "y", tensor, binary }]);
      expect(decodeMessage(body, headerBytes, "outputs").tensors.get("y")).toEqual(tensor);
    }
  });

  test("several, binary and JSON mixed, with the fields around them", () => {
    const named = samples.map((tensor, index) => [`t${index}`, tensor] as const);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(named, { minLength: 0 }),
        fc.infiniteStream(fc.boolean()),
        fc.constantFrom<JsonObject>({}, { id: "7", parameters: { deep: [1, "]"] } }),
        (chosen, choices, head) => {
          const tensors = chosen.map(([name, tensor]) => ({ name, tensor, binary: choices.next().value }));
          const { body, headerBytes } = encodeMessage(head, "inputs", tensors);
          const read = decodeMessage(body, headerBytes, "inputs");
          expect(read.head).toEqual(head);
          expect([...read.tensors]).toEqual(chosen);
        },
      ),
    );
  });
});

test("binary data follows the JSON, which says how long it is", () => {
  const tensor: Tensor = { dtype: "uint8", shape: [3], data: Uint8Array.of(1, 2, 3) };
  const { body, headerBytes } = encodeMessage({ id: "1" }, "inputs", [{ name: "x", tensor, binary: true }]);
  expect(JSON.parse(text({ body: body.subarray(0, headerBytes) }))).toEqual({
    id: "1",
    inputs: [{ name: "x", shape: [3], datatype: "UINT8", parameters: { binary_data_size: 3 } }],
  });
  expect([...body.subarray(headerBytes)]).toEqual([1, 2, 3]);
});

test("numbers of a message without binary data are its JSON", () => {
  const tensor: Tensor = { dtype: "int64", shape: [1], data: BigInt64Array.of(2n ** 62n + 1n) };
  expect(text(encodeMessage({}, "outputs", [{ name: "y", tensor, binary: false }]))).toBe(
    '{"outputs":[{"name":"y","shape":[1],"datatype":"INT64","data":[4611686018427387905]}]}',
  );
});

test("JSON data may be nested, and bools numbers", () => {
  const body = bytes({
    inputs: [
      {
        name: "x",
        shape: [2, 2],
        datatype: "FP32",
        data: [
          [1, 2],
          [3, 4],
        ],
      },
      { name: "b", shape: [4], datatype: "BOOL", data: [true, false, 1, 0] },
    ],
  });
  const { tensors } = decodeMessage(body, undefined, "inputs");
  expect(tensors.get("x")?.data).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(tensors.get("b")?.data).toEqual(Uint8Array.of(1, 0, 1, 0));
});

test("null is as good as absent, wherever something may be absent", () => {
  const body = bytes({
    parameters: null,
    inputs: [{ name: "x", shape: [1], datatype: "INT8", parameters: { binary_data_size: 1 }, data: null }],
  });
  const { tensors } = decodeMessage(new Uint8Array([...body, 7]), body.length, "inputs");
  expect(tensors.get("x")?.data).toEqual(Int8Array.of(7));
  const json = bytes({ inputs: [{ name: "x", shape: [1], datatype: "INT8", parameters: null, data: [7] }] });
  expect(decodeMessage(json, undefined, "inputs").tensors.get("x")?.data).toEqual(Int8Array.of(7));
});

const entry = (fields: object) => bytes({ inputs: [{ name: "x", shape: [1], datatype: "INT8", ...fields }] });

test.for([
  ["text that is not JSON", bytes('{"inputs": [],}'), /not JSON: syntax error at position 14/],
  ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff), /not UTF-8/],
  ["no tensors", bytes({ id: "1" }), /inputs: /],
  ["a tensor without a name", bytes({ inputs: [{ shape: [1] }] }), /inputs\[0\]\.name/],
  ["an unknown datatype", entry({ datatype: "FP8" }), /"x" has the unknown datatype "FP8"/],
  [
    "a name twice",
    bytes({ inputs: Array.from({ length: 2 }, () => ({ name: "x", shape: [0], datatype: "INT8", data: [] })) }),
    /"x" twice/,
  ],
  ["data and binary data", entry({ data: [1], parameters: { binary_data_size: 0 } }), /either data or/],
  ["shared memory", entry({ parameters: { shared_memory_region: "r" } }), /shared memory/],
  ["a negative size", entry({ parameters: { binary_data_size: -1 } }), /a number of bytes/],
  ["data that is cut off", entry({ parameters: { binary_data_size: 1 } }), /ends 1 bytes before the end of "x"/],
  ["bytes too many", new Uint8Array([...entry({ data: [1] }), 0x7d]), /not JSON/],
] as const)("%s is refused as malformed", ([, body, message]) => {
  expect(() => decodeMessage(body, undefined, "inputs")).toThrow(
    expect.objectContaining({ code: "SG_COMPUTE_MESSAGE", message: expect.stringMatching(message) }),
  );
});

test("a header longer than the message, and bytes of no tensor, are refused", () => {
  const body = entry({ data: [1] });
  expect(() => decodeMessage(body, body.length + 1, "inputs")).toThrow(/has \d+ bytes, and a header of/);
  expect(() => decodeMessage(new Uint8Array([...body, 1, 2]), body.length, "inputs")).toThrow(
    /2 bytes that belong to no/,
  );
});

test.for([
  ["INT8", 128, /"x"\[0\] is 128, which is no int8/],
  ["INT8", 1.5, /is 1.5/],
  ["UINT64", -1, /is -1/],
  ["INT64", "7", /is "7"/],
  ["FP32", null, /is null/],
  ["FP32", 1e39, /is 1e\+39, which is no float32/],
  ["FP16", 65_520, /is 65520, which is no float16/],
  ["BOOL", 2, /is 2/],
  ["BYTES", 1, /is 1, which is no string/],
] as const)("%s does not take %j", ([datatype, value, message]) => {
  expect(() => decodeMessage(entry({ datatype, data: [value] }), undefined, "inputs")).toThrow(
    expect.objectContaining({ code: "SG_COMPUTE_INPUT", message: expect.stringMatching(message) }),
  );
});

test("integers between floats are neither rounded nor taken for others", () => {
  const read = (datatype: string, text: string) =>
    decodeMessage(
      bytes(`{"inputs":[{"name":"x","shape":[1],"datatype":"${datatype}","data":[${text}]}]}`),
      undefined,
      "inputs",
    );
  expect(read("INT64", "9007199254740993").tensors.get("x")?.data).toEqual(BigInt64Array.of(9007199254740993n));
  expect(read("FP64", "9007199254740993").tensors.get("x")?.data).toEqual(Float64Array.of(9007199254740992));
  expect(() => read("INT64", "9223372036854775808")).toThrow(/is 9223372036854775808, which is no int64/);
});

test("binary data of the wrong length names its tensor", () => {
  const head = { inputs: [{ name: "x", shape: [2], datatype: "FP32", parameters: { binary_data_size: 4 } }] };
  const header = bytes(head);
  expect(() => decodeMessage(new Uint8Array([...header, 0, 0, 0, 0]), header.length, "inputs")).toThrow(
    '"x": 4 bytes are no float32 tensor of shape [2], which has 8',
  );
});

test.for([
  ["float32", Float32Array.of(0, NaN)],
  ["float64", Float64Array.of(0, -Infinity)],
  ["float16", Uint16Array.of(0, 0x7c00)],
] as const)("a %s that JSON does not have is refused, and binary data has it", ([dtype, data]) => {
  const tensor: Tensor = { dtype, shape: [2], data };
  expect(() => encodeMessage({}, "outputs", [{ name: "y", tensor, binary: false }])).toThrow(
    expect.objectContaining({ code: "SG_COMPUTE_MESSAGE", message: expect.stringMatching(/"y"\[1\] is/) }),
  );
  const { body, headerBytes } = encodeMessage({}, "outputs", [{ name: "y", tensor, binary: true }]);
  expect(decodeMessage(body, headerBytes, "outputs").tensors.get("y")).toEqual(tensor);
});
