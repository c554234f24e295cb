import type { NodeRun, Shape } from "./read-trace.ts";

/** Operations per element of what takes several steps: the maximum, a difference, an exponential, a sum, a quotient. */
const SOFTMAX = 5;
/** Mean, difference, square, their mean, quotient; scale and shift. */
const NORMALISATION = 7;
/** Scale and shift: mean and deviation are known beforehand. */
const BATCH_NORMALISATION = 2;

/**
 * Floating-point operations of one node: a multiply-add counts two, any other arithmetic on an element one, moving
 * elements nothing. The sizes say all there is to know for most operators; window sizes of poolings they do not, which
 * count one per element instead.
 */
export function countNode(node: NodeRun): number {
  if (movesOnly.has(node.op)) return 0;
  const count = counters[node.op];
  if (count !== undefined) return count(node);
  const [, input = outputElements] = Object.entries(perInput).find(([prefix]) => node.op.startsWith(prefix)) ?? [];
  return input(node);
}

type Counter = (node: NodeRun) => number;

/** Operators that only move, choose or describe elements, and those whose bodies are counted node by node. */
const movesOnly = new Set(
  "Cast CastLike CenterCropPad Compress Concat Constant ConstantOfShape DepthToSpace Dropout Expand EyeLike Flatten Gather GatherElements GatherND Identity If Loop MemcpyFromHost MemcpyToHost NonZero OneHot Optional OptionalGetElement OptionalHasElement Pad Range Reshape ReverseSequence Scan Scatter ScatterElements ScatterND SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength Shape Size Slice SpaceToDepth Split SplitToSequence Squeeze Tile Transpose Trilu Unsqueeze".split(
    " ",
  ),
);

/** Operators whose work goes by what goes in: they make one element of many. */
const perInput: Readonly<Record<string, Counter>> = {
  Reduce: inputElements,
  ArgM: inputElements,
  Global: inputElements,
  MaxPool: inputElements,
  AveragePool: inputElements,
  LpPool: inputElements,
  CumSum: inputElements,
};

const matrixProduct: Counter = (node) => 2 * outputElements(node) * last(node.inputs[0]);

const counters: Readonly<Record<string, Counter>> = {
  MatMul: matrixProduct,
  MatMulInteger: matrixProduct,
  QLinearMatMul: matrixProduct,
  MatMulNBits: matrixProduct,
  DynamicQuantizeMatMul: matrixProduct,
  MatMulIntegerToFloat: matrixProduct,
  // Either side may be transposed, so the inner size is what the first one has beside its rows.
  Gemm: (node) => {
    const [rows = 0] = node.outputs[0] ?? [];
    const inner = rows === 0 ? 0 : elements(node.inputs[0]) / rows;
    return outputElements(node) * (2 * inner + bias(node, 2));
  },
  QGemm: matrixProduct,
  Conv: convolution(1, 2),
  FusedConv: convolution(1, 2),
  DeformConv: convolution(1, 3),
  ConvInteger: convolution(1, undefined),
  QLinearConv: convolution(3, 8),
  // Every element of the input meets the kernel of its channel, towards all output channels of its group.
  ConvTranspose: (node) => {
    const [, kernel = []] = node.inputs;
    const perElement = elements(kernel.slice(1));
    return 2 * elements(node.inputs[0]) * perElement + outputElements(node) * bias(node, 2);
  },
  LSTM: recurrent(21),
  GRU: recurrent(16),
  RNN: recurrent(4),
  Attention: attention,
  MultiHeadAttention: attention,
  GroupQueryAttention: attention,
  Softmax: (node) => SOFTMAX * outputElements(node),
  LogSoftmax: (node) => SOFTMAX * outputElements(node),
  BatchNormalization: (node) => BATCH_NORMALISATION * outputElements(node),
  InstanceNormalization: normalisation,
  GroupNormalization: normalisation,
  LayerNormalization: normalisation,
  SimplifiedLayerNormalization: normalisation,
  SkipLayerNormalization: normalisation,
  SkipSimplifiedLayerNormalization: normalisation,
  RMSNormalization: normalisation,
  Sum: (node) => outputElements(node) * Math.max(0, node.inputs.length - 1),
  Max: (node) => outputElements(node) * Math.max(0, node.inputs.length - 1),
  Min: (node) => outputElements(node) * Math.max(0, node.inputs.length - 1),
  Mean: (node) => outputElements(node) * node.inputs.length,
};

/** Each output meets the kernel of its group: [outputs, inputs / groups, ...window], so groups need no further thought. */
function convolution(kernelIndex: number, biasIndex: number | undefined): Counter {
  return (node) => {
    const window = elements((node.inputs[kernelIndex] ?? []).slice(1));
    return outputElements(node) * (2 * window + (biasIndex === undefined ? 0 : bias(node, biasIndex)));
  };
}

/** Inputs and state meet their weights once per step; @param perUnit what is done to each unit of the state beside that. */
function recurrent(perUnit: number): Counter {
  return ({ inputs: [x = [], weights = [], recurrence = []] }) => {
    const [steps = 0, sequences = 0] = x;
    const [directions = 0] = recurrence;
    const units = directions * last(recurrence);
    return steps * sequences * (2 * (elements(weights) + elements(recurrence)) + perUnit * units);
  };
}

/**
 * Queries meet every key, and every value is weighed: ONNX's operator and those of com.microsoft, of which the one that
 * is also called Attention makes queries, keys and values itself, from weights of two dimensions.
 */
function attention({ op, inputs, outputs }: NodeRun): number {
  const [query = [], second = []] = inputs;
  const [output = []] = outputs;
  const projects = op === "Attention" && query.length === 3 && second.length === 2;
  const [batches = 0, length = 0] = query;
  // [batch, length, width] or [batch, heads, length, width]; a key that is not there is packed with the query.
  const keys = projects || second.length < 3 ? length : (second.at(-2) ?? 0);
  const projection = projects ? 2 * batches * length * elements(second) : 0;
  return projection + 4 * elements(output) * keys;
}

function normalisation(node: NodeRun): number {
  return NORMALISATION * outputElements(node);
}

function bias({ inputs }: NodeRun, index: number): number {
  return elements(inputs[index] ?? [0]) > 0 ? 1 : 0;
}

/** Of the first output: others are masks, indices or states. */
function outputElements({ outputs }: NodeRun): number {
  return elements(outputs[0] ?? [0]);
}

function inputElements({ inputs }: NodeRun): number {
  return elements(inputs[0] ?? [0]);
}

function elements(shape: Shape = [0]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function last(shape: Shape = []): number {
  return shape.at(-1) ?? 0;
}
