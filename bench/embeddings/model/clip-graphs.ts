import { GraphBuilder, type Precision } from "./graph-builder.ts";
import type { OnnxGraph } from "./onnx-file.ts";

/** Shape of CLIP ViT-B/32 (arXiv:2103.00020, table 19 and 20). */
const projection = 512;
const vision = { width: 768, heads: 12, layers: 12, sizePixels: 224, patchPixels: 32 };
const text = { width: 512, heads: 8, layers: 12, vocabulary: 49_408, contextTokens: 77 };

interface Encoder {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
}

/** 87.8 million random weights: `pixel_values` [batch, 3, 224, 224] to `image_embeds` [batch, 512]. */
export function visionGraph(precision: Precision): OnnxGraph {
  const builder = new GraphBuilder(precision, 32);
  const { width, sizePixels, patchPixels } = vision;
  const patches = (sizePixels / patchPixels) ** 2;
  const squares = builder.patches("pixel_values", width, patchPixels);
  const rows = builder.op("Reshape", [squares, builder.integers([0, width, patches])]);
  const tokens = builder.op("Transpose", [rows], { perm: [0, 2, 1] });
  const batch = builder.op("Slice", [
    builder.op("Shape", ["pixel_values"]),
    builder.integers([0]),
    builder.integers([1]),
  ]);
  const shape = builder.op("Concat", [batch, builder.integers([1, width])], { axis: 0 });
  const first = builder.op("Expand", [builder.weights([1, 1, width], 0.5), shape]);
  const all = builder.op("Concat", [first, tokens], { axis: 1 });
  const placed = builder.op("Add", [all, builder.weights([patches + 1, width], 0.5)]);
  const encoded = encode(builder, builder.layerNorm(placed, width), vision);
  const whole = builder.op("Gather", [encoded, builder.integers([0], [])], { axis: 1 });
  const embeds = builder.linear(builder.layerNorm(whole, width), { from: width, to: projection, bias: false });
  builder.op("Identity", [embeds], {}, "image_embeds");
  return builder.graph({
    inputs: [{ name: "pixel_values", dtype: "float32", shape: ["batch", 3, sizePixels, sizePixels] }],
    outputs: [{ name: "image_embeds", dtype: "float32", shape: ["batch", projection] }],
  });
}

/** 63.4 million random weights: `input_ids` [batch, up to 77] to `text_embeds` [batch, 512], read at the highest id. */
export function textGraph(precision: Precision): OnnxGraph {
  const builder = new GraphBuilder(precision, 77);
  const { width, vocabulary, contextTokens } = text;
  const zero = builder.integers([0]);
  const length = builder.op("Slice", [
    builder.op("Shape", ["input_ids"]),
    builder.integers([1]),
    builder.integers([2]),
  ]);
  const places = builder.op("Slice", [builder.weights([contextTokens, width], 0.5), zero, length, zero]);
  const tokens = builder.op("Add", [builder.lookUp("input_ids", vocabulary, width), places]);
  const lengths = builder.op("Concat", [length, length], { axis: 0 });
  const mask = builder.op("Slice", [causalMask(builder), builder.integers([0, 0]), lengths, builder.integers([0, 1])]);
  const encoded = builder.layerNorm(encode(builder, tokens, text, mask), width);
  const end = builder.op("ArgMax", ["input_ids"], { axis: 1, keepdims: 1 });
  const whole = builder.op("GatherND", [encoded, end], { batch_dims: 1 });
  const embeds = builder.linear(whole, { from: width, to: projection, bias: false });
  builder.op("Identity", [embeds], {}, "text_embeds");
  return builder.graph({
    inputs: [{ name: "input_ids", dtype: "int64", shape: ["batch", "tokens"] }],
    outputs: [{ name: "text_embeds", dtype: "float32", shape: ["batch", projection] }],
  });
}

/** Nothing is seen of what comes later. */
function causalMask(builder: GraphBuilder): string {
  const { contextTokens: size } = text;
  const mask = Float32Array.from({ length: size * size }, (_, at) => (at % size > Math.floor(at / size) ? -1e9 : 0));
  return builder.floats(mask, [size, size]);
}

function encode(builder: GraphBuilder, input: string, encoder: Encoder, mask?: string): string {
  const { width, layers } = encoder;
  let state = input;
  for (let layer = 0; layer < layers; layer++) {
    const attended = attend(builder, builder.layerNorm(state, width), encoder, mask);
    state = builder.op("Add", [state, attended]);
    const wide = builder.linear(builder.layerNorm(state, width), { from: width, to: 4 * width });
    const gate = builder.op("Sigmoid", [builder.op("Mul", [wide, builder.scalar(1.702)])]);
    const narrow = builder.linear(builder.op("Mul", [wide, gate]), { from: 4 * width, to: width });
    state = builder.op("Add", [state, narrow]);
  }
  return state;
}

function attend(builder: GraphBuilder, input: string, { width, heads }: Encoder, mask: string | undefined): string {
  const perHead = width / heads;
  const apart = (value: string, perm: readonly number[]): string =>
    builder.op("Transpose", [builder.op("Reshape", [value, builder.integers([0, 0, heads, perHead])])], { perm });
  const square = { from: width, to: width };
  const queries = builder.op("Mul", [builder.linear(input, square), builder.scalar(perHead ** -0.5)]);
  const keys = apart(builder.linear(input, square), [0, 2, 3, 1]);
  const scores = builder.op("MatMul", [apart(queries, [0, 2, 1, 3]), keys]);
  const shares = builder.op("Softmax", [mask === undefined ? scores : builder.op("Add", [scores, mask])], { axis: 3 });
  const values = builder.op("MatMul", [shares, apart(builder.linear(input, square), [0, 2, 1, 3])]);
  const together = builder.op("Transpose", [values], { perm: [0, 2, 1, 3] });
  return builder.linear(builder.op("Reshape", [together, builder.integers([0, 0, width])]), square);
}
