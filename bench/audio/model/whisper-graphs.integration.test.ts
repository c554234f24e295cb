import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { onnxFile } from "../../embeddings/model/onnx-file.ts";
import { decoderGraph } from "./whisper-graphs.ts";

const heads = 6;
const layers = [0, 1, 2, 3];
const hidden = new Tensor(
  "float32",
  Float32Array.from({ length: 5 * 384 }, (_, at) => Math.sin(at)),
  [1, 5, 384],
);
const ids = (...tokens: readonly number[]): Tensor =>
  new Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, tokens.length]);
const flag = (value: number): Tensor => new Tensor("bool", Uint8Array.of(value), [1]);

test("one token with caches gives the logits of all tokens at once", { timeout: 60_000 }, async () => {
  const session = await InferenceSession.create(Buffer.concat(onnxFile(decoderGraph())));
  const names = layers.flatMap((layer) =>
    ["decoder.key", "decoder.value", "encoder.key", "encoder.value"].map((kind) => `${layer}.${kind}`),
  );
  const nothing = new Tensor("float32", new Float32Array(0), [1, heads, 0, 64]);
  const empty = Object.fromEntries(names.map((name) => [`past_key_values.${name}`, nothing]));
  const first = { ...empty, encoder_hidden_states: hidden, use_cache_branch: flag(0) };
  const whole = await session.run({ ...first, input_ids: ids(50_258, 7, 42) });
  const begun = await session.run({ ...first, input_ids: ids(50_258, 7) });
  const past = Object.fromEntries(
    names.map((name) => [`past_key_values.${name}`, begun[`present.${name}`] ?? nothing]),
  );
  const step = await session.run({
    ...past,
    encoder_hidden_states: hidden,
    use_cache_branch: flag(1),
    input_ids: ids(42),
  });
  await session.release();
  const [all, given] = [whole, step].map(({ logits }) => logits?.data as Float32Array); // the graph says float32
  const wanted = all!.subarray(2 * 51_865);
  expect(step["present.0.encoder.key"]?.dims).toEqual([0, heads, 1, 64]);
  expect(step["present.3.decoder.value"]?.dims).toEqual([1, heads, 3, 64]);
  const differences = wanted.map((value, at) => Math.abs(value - (given?.[at] ?? Infinity)));
  expect(differences.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(1e-3); // logits reach 40
});
