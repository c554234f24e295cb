import { GraphBuilder } from "../../embeddings/model/graph-builder.ts";
import type { OnnxGraph, OnnxValue } from "../../embeddings/model/onnx-file.ts";

/** Shape of whisper-tiny (openai/whisper, model card). */
const WIDTH = 384;
const HEADS = 6;
const LAYERS = 4;
const VOCABULARY = 51_865;
const MELS = 80;
const FRAMES = 3000;
const POSITIONS = FRAMES / 2;
const CONTEXT = 448;
const HEAD_WIDTH = WIDTH / HEADS;

/**
 * How far weights reach beyond what keeps the variance. Without loud layers and positions a decoder of random weights
 * repeats its last token for ever.
 */
const DECODER_GAIN = 3;
const POSITION_REACH = 2.5;
const TOKEN_REACH = 0.8;

interface Dense {
  readonly weights: string;
  readonly bias: string;
}

interface Attention {
  readonly query: Dense;
  readonly key: Dense;
  readonly value: Dense;
  readonly out: Dense;
}

/** input_features [batch, 80, 3000] to last_hidden_state [batch, 1500, 384]. */
export function encoderGraph(): OnnxGraph {
  const builder = new GraphBuilder("fp32", 11);
  const convolve = (input: string, from: number, stride: number): string => {
    const kernel = builder.weights([WIDTH, from, 3], Math.sqrt(3 / (3 * from)));
    const attributes = { kernel_shape: [3], pads: [1, 1], strides: [stride] };
    return gelu(builder, builder.op("Conv", [input, kernel, builder.weights([WIDTH], 0.1)], attributes));
  };
  const heard = builder.op("Transpose", [convolve(convolve("input_features", MELS, 1), WIDTH, 2)], { perm: [0, 2, 1] });
  let state = builder.op("Add", [heard, builder.floats(sinusoids(), [POSITIONS, WIDTH])]);
  for (let layer = 0; layer < LAYERS; layer++) {
    const own = attention(builder, 1);
    const input = builder.layerNorm(state, WIDTH);
    const [keys, values] = [keysOf(builder, input, own.key), keysOf(builder, input, own.value)];
    state = builder.op("Add", [state, attend(builder, input, own, { keys, values })]);
    state = builder.op("Add", [state, feedForward(builder, state, widen(builder, 1))]);
  }
  builder.op("LayerNormalization", [state, ...normWeights(builder)], {}, "last_hidden_state");
  return builder.graph({
    inputs: [{ name: "input_features", dtype: "float32", shape: ["batch_size", MELS, FRAMES] }],
    outputs: [{ name: "last_hidden_state", dtype: "float32", shape: ["batch_size", POSITIONS, WIDTH] }],
  });
}

/** The decoder in the layout of the public merged exports: both ways of running it in one graph, told by `use_cache_branch`. */
export function decoderGraph(): OnnxGraph {
  const builder = new GraphBuilder("fp32", 12);
  const weights = {
    tokens: builder.weights([VOCABULARY, WIDTH], TOKEN_REACH),
    positions: builder.weights([CONTEXT, WIDTH], POSITION_REACH),
    mask: builder.floats(causalMask(), [CONTEXT, CONTEXT]),
    norm: normWeights(builder),
    layers: Array.from({ length: LAYERS }, () => ({
      own: attention(builder, DECODER_GAIN),
      cross: attention(builder, DECODER_GAIN),
      widening: widen(builder, DECODER_GAIN),
    })),
  };
  const outputs = [logits, ...caches("present")];
  builder.choose("use_cache_branch", outputs, {
    whenTrue: (branch) => decode(branch, weights, true),
    whenFalse: (branch) => decode(branch, weights, false),
  });
  return builder.graph({
    inputs: [
      { name: "input_ids", dtype: "int64", shape: ["batch_size", "decoder_sequence_length"] },
      { name: "encoder_hidden_states", dtype: "float32", shape: ["batch_size", "encoder_sequence_length", WIDTH] },
      ...caches("past_key_values"),
      { name: "use_cache_branch", dtype: "bool", shape: [1] },
    ],
    outputs,
  });
}

const logits: OnnxValue = {
  name: "logits",
  dtype: "float32",
  shape: ["batch_size", "decoder_sequence_length", VOCABULARY],
};

function caches(prefix: string): readonly OnnxValue[] {
  const kinds = ["decoder.key", "decoder.value", "encoder.key", "encoder.value"];
  return Array.from({ length: LAYERS }, (_, layer) =>
    kinds.map((kind): OnnxValue => {
      const length = `${prefix}_${kind.startsWith("decoder") ? "decoder" : "encoder"}_length`;
      const rows = prefix === "present" ? `${length}_rows` : "batch_size";
      return { name: `${prefix}.${layer}.${kind}`, dtype: "float32", shape: [rows, HEADS, length, HEAD_WIDTH] };
    }),
  ).flat();
}

interface DecoderWeights {
  readonly tokens: string;
  readonly positions: string;
  readonly mask: string;
  readonly norm: readonly string[];
  readonly layers: readonly {
    readonly own: Attention;
    readonly cross: Attention;
    readonly widening: readonly [Dense, Dense];
  }[];
}

/** One branch: logits, then caches. With a past the caches of what was heard are given, and come back empty. */
function decode(builder: GraphBuilder, weights: DecoderWeights, hasPast: boolean): readonly string[] {
  const lengthOf = (value: string, axis: number): string =>
    builder.op("Gather", [builder.op("Shape", [value]), builder.integers([axis])], { axis: 0 });
  const tokens = lengthOf("input_ids", 1);
  const past = hasPast ? lengthOf("past_key_values.0.decoder.key", 2) : builder.integers([0]);
  const end = builder.op("Add", [past, tokens]);
  const rowsUpTo = (table: string, axis: number, from: string): string =>
    builder.op("Slice", [table, from, end, builder.integers([axis])]);
  const mask = rowsUpTo(rowsUpTo(weights.mask, 0, past), 1, builder.integers([0]));
  const looked = builder.op("Gather", [weights.tokens, "input_ids"]);
  let state = builder.op("Add", [looked, rowsUpTo(weights.positions, 0, past)]);
  const present: string[] = [];
  for (const [layer, { own, cross, widening }] of weights.layers.entries()) {
    const cache = (kind: string): string => `past_key_values.${layer}.${kind}`;
    const grown = (kind: string, made: string): string =>
      hasPast ? builder.op("Concat", [cache(kind), made], { axis: 2 }) : made;
    const input = builder.layerNorm(state, WIDTH);
    const keys = grown("decoder.key", keysOf(builder, input, own.key));
    const values = grown("decoder.value", keysOf(builder, input, own.value));
    state = builder.op("Add", [state, attend(builder, input, own, { keys, values, mask })]);
    const heard = hasPast
      ? { keys: cache("encoder.key"), values: cache("encoder.value") }
      : {
          keys: keysOf(builder, "encoder_hidden_states", cross.key),
          values: keysOf(builder, "encoder_hidden_states", cross.value),
        };
    state = builder.op("Add", [state, attend(builder, builder.layerNorm(state, WIDTH), cross, heard)]);
    state = builder.op("Add", [state, feedForward(builder, state, widening)]);
    const nothing = (): string => builder.op("ConstantOfShape", [builder.integers([0, HEADS, 1, HEAD_WIDTH])]);
    present.push(keys, values, ...(hasPast ? [nothing(), nothing()] : [heard.keys, heard.values]));
  }
  const last = builder.op("LayerNormalization", [state, ...weights.norm]);
  const table = builder.op("Transpose", [weights.tokens], { perm: [1, 0] });
  return [builder.op("MatMul", [last, table]), ...present];
}

function dense(builder: GraphBuilder, from: number, to: number, gain: number): Dense {
  return { weights: builder.weights([from, to], gain * Math.sqrt(3 / from)), bias: builder.weights([to], 0.1) };
}

function attention(builder: GraphBuilder, gain: number): Attention {
  const square = (): Dense => dense(builder, WIDTH, WIDTH, gain);
  return { query: square(), key: square(), value: square(), out: square() };
}

function widen(builder: GraphBuilder, gain: number): readonly [Dense, Dense] {
  return [dense(builder, WIDTH, 4 * WIDTH, gain), dense(builder, 4 * WIDTH, WIDTH, gain)];
}

function apply(builder: GraphBuilder, input: string, { weights, bias }: Dense): string {
  return builder.op("Add", [builder.op("MatMul", [input, weights]), bias]);
}

/** [batch, length, 384] to [batch, heads, length, 64]. */
function apart(builder: GraphBuilder, input: string): string {
  const reshaped = builder.op("Reshape", [input, builder.integers([0, 0, HEADS, HEAD_WIDTH])]);
  return builder.op("Transpose", [reshaped], { perm: [0, 2, 1, 3] });
}

function keysOf(builder: GraphBuilder, input: string, layer: Dense): string {
  return apart(builder, apply(builder, input, layer));
}

function attend(
  builder: GraphBuilder,
  input: string,
  { query, out }: Attention,
  { keys, values, mask }: { readonly keys: string; readonly values: string; readonly mask?: string },
): string {
  const scaled = builder.op("Mul", [apply(builder, input, query), builder.scalar(HEAD_WIDTH ** -0.5)]);
  const turned = builder.op("Transpose", [keys], { perm: [0, 1, 3, 2] });
  const scores = builder.op("MatMul", [apart(builder, scaled), turned]);
  const shares = builder.op("Softmax", [mask === undefined ? scores : builder.op("Add", [scores, mask])], { axis: 3 });
  const together = builder.op("Transpose", [builder.op("MatMul", [shares, values])], { perm: [0, 2, 1, 3] });
  return apply(builder, builder.op("Reshape", [together, builder.integers([0, 0, WIDTH])]), out);
}

function feedForward(builder: GraphBuilder, input: string, [wide, narrow]: readonly [Dense, Dense]): string {
  return apply(builder, gelu(builder, apply(builder, builder.layerNorm(input, WIDTH), wide)), narrow);
}

/** As it is exported for opsets below 20, and as ONNX Runtime knows it again. */
function gelu(builder: GraphBuilder, input: string): string {
  const error = builder.op("Erf", [builder.op("Div", [input, builder.scalar(Math.SQRT2)])]);
  const product = builder.op("Mul", [input, builder.op("Add", [error, builder.scalar(1)])]);
  return builder.op("Mul", [product, builder.scalar(0.5)]);
}

function normWeights(builder: GraphBuilder): readonly string[] {
  return [builder.floats(new Float32Array(WIDTH).fill(1), [WIDTH]), builder.floats(new Float32Array(WIDTH), [WIDTH])];
}

/** Positions of the encoder (openai/whisper `model.py`, `sinusoids`). */
function sinusoids(): Float32Array {
  const half = WIDTH / 2;
  const step = Math.log(10_000) / (half - 1);
  return Float32Array.from({ length: POSITIONS * WIDTH }, (_, at) => {
    const place = at % WIDTH;
    const angle = Math.floor(at / WIDTH) * Math.exp(-step * (place % half));
    return place < half ? Math.sin(angle) : Math.cos(angle);
  });
}

/** Nothing is seen of what comes later. */
function causalMask(): Float32Array {
  return Float32Array.from({ length: CONTEXT * CONTEXT }, (_, at) =>
    at % CONTEXT > Math.floor(at / CONTEXT) ? -1e9 : 0,
  );
}
