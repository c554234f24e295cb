import {
  float16,
  fromShortFloat,
  type ModelPart,
  type Tensor,
  type TensorMap,
  toShortFloat,
} from "@stargate/kernel/backend";
import { describe, expect, test } from "vitest";
import { floatsOf } from "./float-values.ts";
import { openWhisperEncoder } from "./whisper-encoder.ts";
import { logitsAt, openWhisperDecoder } from "./whisper-decoder.ts";

const { signal } = new AbortController();
const openWhisperModel = (parts: Readonly<Record<string, ModelPart>>) => ({
  ...openWhisperEncoder(parts),
  ...openWhisperDecoder(parts),
});
const spec = (name: string, dtype: Tensor["dtype"], ...shape: (number | string)[]) => ({ name, dtype, shape });
const tensor = (dtype: "float32" | "float16", shape: number[], fill: number): Tensor => {
  const length = shape.reduce((product, size) => product * size, 1);
  if (dtype === "float32") return { dtype, shape, data: new Float32Array(length).fill(fill) };
  return { dtype, shape, data: new Uint16Array(length).fill(toShortFloat(float16, fill)) };
};

interface Call {
  readonly inputs: TensorMap;
  readonly outputs: readonly string[] | undefined;
}

/** A decoder of one layer that notes what it is given; its caches are filled with the number of the call. */
function decoder(inputs: ModelPart["signature"]["inputs"], dtype: "float32" | "float16", attention = false) {
  const calls: Call[] = [];
  const cacheNames = ["decoder.key", "decoder.value", "encoder.key", "encoder.value"].map(
    (name) => `present.0.${name}`,
  );
  const names = ["logits", ...cacheNames, ...(attention ? ["cross_attentions.0"] : [])];
  const part: ModelPart = {
    signature: { inputs, outputs: names.map((name) => spec(name, dtype, "batch", "tokens", 9)) },
    run: async (given, { outputs }) => {
      calls.push({ inputs: given, outputs });
      const [rows = 0, tokens = 0] = given["input_ids"]!.shape;
      return Object.fromEntries(
        (outputs ?? names).map((name) => [
          name,
          name === "logits" ? tensor(dtype, [rows, tokens, 9], 0.5) : tensor(dtype, [rows, 2, 3, 4], calls.length),
        ]),
      );
    },
  };
  return { part, calls };
}

const caches = (dtype: Tensor["dtype"]) =>
  ["decoder.key", "decoder.value", "encoder.key", "encoder.value"].map((name) =>
    spec(`past_key_values.0.${name}`, dtype, "batch", 2, "past", 4),
  );
const ids = spec("input_ids", "int64", "batch", "tokens");
const heard = spec("encoder_hidden_states", "float32", "batch", 1500, 4);

const encoder = (dtype: "float32" | "float16") => {
  const given: TensorMap[] = [];
  const part: ModelPart = {
    signature: {
      inputs: [spec("input_features", dtype, "batch", 80, 3000)],
      outputs: [spec("last_hidden_state", "float32", "batch", 1500, 4)],
    },
    run: async (inputs) => {
      given.push(inputs);
      return { last_hidden_state: tensor("float32", [1, 1500, 4], 0) };
    },
  };
  return { part, given };
};

const hidden = tensor("float32", [2, 1500, 4], 0);

describe("a merged decoder", () => {
  test("is told which branch to take, and keeps what it heard in the first step", async () => {
    const { part, calls } = decoder([ids, heard, spec("use_cache_branch", "bool", 1), ...caches("float32")], "float32");
    const model = openWhisperModel({ encoder: encoder("float32").part, decoder: part });
    const { state, logits } = await model.begin(
      hidden,
      [
        [1, 2],
        [3, 4],
      ],
      signal,
    );
    expect([state.rows, state.length, logits.tokens, logitsAt(logits, 1, 1).length]).toEqual([2, 2, 2, 9]);
    const later = await model.advance(state, [5, 6], signal);
    const [first, second] = calls;
    expect(first?.inputs["use_cache_branch"]?.data).toEqual(Uint8Array.of(0));
    expect(first?.inputs["past_key_values.0.encoder.value"]).toEqual(tensor("float32", [2, 2, 0, 4], 0));
    expect(second?.inputs["use_cache_branch"]?.data).toEqual(Uint8Array.of(1));
    expect(second?.inputs["input_ids"]).toEqual({ dtype: "int64", shape: [2, 1], data: BigInt64Array.of(5n, 6n) });
    expect(second?.inputs["past_key_values.0.decoder.key"]?.data[0]).toBe(1);
    expect(second?.outputs).toEqual(["logits", "present.0.decoder.key", "present.0.decoder.value"]);
    expect(later.state.own["past_key_values.0.decoder.key"]?.data[0]).toBe(2);
    expect(later.state.cross).toBe(state.cross);
    expect(later.state.length).toBe(3);
  });

  test("of float16 gets and gives float16", async () => {
    const { part, calls } = decoder([ids, heard, spec("use_cache_branch", "bool", 1), ...caches("float16")], "float16");
    const { part: encode, given } = encoder("float16");
    const model = openWhisperModel({ encoder: encode, decoder: part });
    await model.encode(new Float32Array(80 * 3000).fill(-0.25), signal);
    const features = given[0]?.["input_features"];
    expect([features?.dtype, fromShortFloat(float16, Number(features?.data[7]))]).toEqual(["float16", -0.25]);
    const { logits } = await model.begin(hidden, [[1], [2]], signal);
    expect([...logitsAt(logits, 0, 0)]).toEqual(Array.from({ length: 9 }, () => 0.5));
    expect(calls[0]?.inputs["past_key_values.0.decoder.key"]).toEqual(tensor("float16", [2, 2, 0, 4], 0));
  });

  test("says which attention it has, and gives it when it is asked", async () => {
    const inputs = [ids, heard, spec("use_cache_branch", "bool", 1), ...caches("float32")];
    const { part, calls } = decoder(inputs, "float32", true);
    const model = openWhisperModel({ encoder: encoder("float32").part, decoder: part });
    expect([...model.attentionLayers]).toEqual([0]);
    await model.begin(hidden, [[1], [2]], signal);
    expect(calls[0]?.outputs).not.toContain("cross_attentions.0");
    const { attention } = await model.attend(hidden, [1, 2, 3], [0], signal);
    expect(calls[1]?.outputs).toEqual(["logits", "cross_attentions.0"]);
    expect(attention.get(0)).toMatchObject({ heads: 2, tokens: 3, positions: 4 });
  });
});

test("two decoders share the work, and each gets only what it takes", async () => {
  const first = decoder([ids, heard], "float32");
  const later = decoder([ids, ...caches("float32")], "float32");
  const parts = { encoder: encoder("float32").part, decoder: first.part, decoderWithPast: later.part };
  const model = openWhisperModel(parts);
  const { state } = await model.begin(hidden, [[1], [2]], signal);
  await model.advance(state, [3, 4], signal);
  expect(Object.keys(first.calls[0]!.inputs).toSorted()).toEqual(["encoder_hidden_states", "input_ids"]);
  expect(Object.keys(later.calls[0]!.inputs).toSorted()).toEqual(
    ["input_ids", ...caches("float32").map(({ name }) => name)].toSorted(),
  );
});

test.for([
  ["without an encoder", { decoder: decoder([ids], "float32").part }],
  [
    "with a decoder that takes no caches",
    { encoder: encoder("float32").part, decoder: decoder([ids, heard], "float32").part },
  ],
  [
    "with half of two decoders",
    { encoder: encoder("float32").part, decoder: decoder([ids, ...caches("float32")], "float32").part },
  ],
] as const)("a model %s is refused", ([, parts]) => {
  expect(() => openWhisperModel(parts as Record<string, ModelPart>)).toThrow(
    expect.objectContaining({ code: "SG_COMPUTE_MODEL" }),
  );
});

test("other numbers than floats are refused", () => {
  expect(() => floatsOf({ dtype: "int8", shape: [1], data: Int8Array.of(1) })).toThrow(/int8 where floats/);
});
