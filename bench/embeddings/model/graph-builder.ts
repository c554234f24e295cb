import { seededRandom } from "../../ocr/seeded-random.ts";
import {
  dataTypeOf,
  type OnnxDtype,
  type OnnxGraph,
  type OnnxNode,
  type OnnxValue,
  type OnnxWeight,
} from "./onnx-file.ts";

export type Precision = "fp32" | "int8";

/** Most of what a quantised weight may be: 7 bits and a sign. */
const INT8_MAX = 127;

/** A value of the graph, by its name. */
type Value = string;

/** What a graph and its branches have in common. */
interface Shared {
  readonly random: () => number;
  readonly weights: OnnxWeight[];
  names: number;
}

/** Builds a branch and gives its outputs. */
type Branch = (builder: GraphBuilder) => readonly Value[];

/**
 * Builds a transformer's graph node by node. In int8 matrices of weights become what ONNX Runtime's dynamic quantisation
 * makes of them, as in the public exports: int8 weights with a scale for each column, inputs quantised by
 * DynamicQuantizeLinear while the model runs, MatMulInteger. What is no product with weights stays float32.
 */
export class GraphBuilder {
  readonly #precision: Precision;
  readonly #nodes: OnnxNode[] = [];
  readonly #shared: Shared;
  /** What has been quantised already: one input may go into several products. */
  readonly #quantised = new Map<Value, readonly [values: Value, scale: Value, zero: Value]>();

  constructor(
    precision: Precision,
    seed: number,
    shared: Shared = { random: seededRandom(seed), weights: [], names: 0 },
  ) {
    this.#precision = precision;
    this.#shared = shared;
  }

  graph(values: Pick<OnnxGraph, "inputs" | "outputs">): OnnxGraph {
    return { ...values, nodes: this.#nodes, weights: this.#shared.weights };
  }

  /** Takes one of two branches, whose outputs become those of the node, in order; weights are shared by all. */
  choose(
    condition: Value,
    outputs: readonly OnnxValue[],
    branches: { readonly whenTrue: Branch; readonly whenFalse: Branch },
  ): void {
    const made = ([branch, build]: readonly [GraphBuilder, Branch]): OnnxGraph => {
      const values = build(branch);
      const named = outputs.map((value, index) => ({ ...value, name: values[index] ?? "" }));
      return { inputs: [], outputs: named, nodes: branch.#nodes, weights: [] };
    };
    const inner = (): GraphBuilder => new GraphBuilder(this.#precision, 0, this.#shared);
    this.#nodes.push({
      op: "If",
      inputs: [condition],
      outputs: outputs.map(({ name }) => name),
      attributes: { then_branch: made([inner(), branches.whenTrue]), else_branch: made([inner(), branches.whenFalse]) },
    });
  }

  /** One node with one output. */
  op(op: string, inputs: readonly Value[], attributes: OnnxNode["attributes"] = {}, output = this.#name()): Value {
    this.#nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  /** Whole numbers, for shapes and places. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.#constant("int64", shape, BigInt64Array.from(values, BigInt));
  }

  floats(values: Float32Array, shape: readonly number[]): Value {
    return this.#constant("float32", shape, values);
  }

  scalar(value: number): Value {
    return this.floats(Float32Array.of(value), []);
  }

  /** Float32 weights, uniform within plus and minus `reach`. */
  weights(shape: readonly number[], reach: number): Value {
    return this.floats(this.#uniform(shape, reach), shape);
  }

  /** input [..., from] times weights [from, to], plus a bias. */
  linear(input: Value, { from, to, bias = true }: LinearShape): Value {
    const product = this.#product(input, from, to);
    return bias ? this.op("Add", [this.weights([to], 0.1), product]) : product;
  }

  /** Rows of a table [rows, width] by index. */
  lookUp(indices: Value, rows: number, width: number): Value {
    const reach = 0.5;
    const table = this.#uniform([rows, width], reach);
    if (this.#precision === "fp32") return this.op("Gather", [this.floats(table, [rows, width]), indices]);
    const quantised = this.#constant("int8", [rows, width], quantise(table, reach));
    return this.op("DequantizeLinear", [this.op("Gather", [quantised, indices]), this.scalar(reach / INT8_MAX)]);
  }

  /** Squares of `side` pixels that lie side by side, each as `width` values: [n, 3, h, w] to [n, width, h / side, w / side]. */
  patches(pixels: Value, width: number, side: number): Value {
    const reach = Math.sqrt(3 / (3 * side * side));
    const shape = [width, 3, side, side];
    const kernel = this.#uniform(shape, reach);
    const attributes = { kernel_shape: [side, side], strides: [side, side] };
    if (this.#precision === "fp32") return this.op("Conv", [pixels, this.floats(kernel, shape)], attributes);
    const [values, scale, zero] = this.#quantise(pixels);
    const weights = this.#constant("int8", shape, quantise(kernel, reach));
    const sums = this.op("ConvInteger", [values, weights, zero], attributes);
    return this.#scaled(sums, scale, this.scalar(reach / INT8_MAX));
  }

  layerNorm(input: Value, width: number): Value {
    const ones = this.floats(new Float32Array(width).fill(1), [width]);
    return this.op("LayerNormalization", [input, ones, this.floats(new Float32Array(width), [width])]);
  }

  #product(input: Value, from: number, to: number): Value {
    const reach = Math.sqrt(3 / from); // keeps the variance
    const weights = this.#uniform([from, to], reach);
    if (this.#precision === "fp32") return this.op("MatMul", [input, this.floats(weights, [from, to])]);
    const [values, scale, zero] = this.#quantise(input);
    const columns = this.#constant("int8", [from, to], quantise(weights, reach));
    const zeros = this.#constant("int8", [to], new Int8Array(to));
    const sums = this.op("MatMulInteger", [values, columns, zero, zeros]);
    return this.#scaled(sums, scale, this.floats(new Float32Array(to).fill(reach / INT8_MAX), [to]));
  }

  #quantise(input: Value): readonly [Value, Value, Value] {
    let quantised = this.#quantised.get(input);
    if (quantised === undefined) {
      quantised = [this.#name(), this.#name(), this.#name()];
      this.#nodes.push({ op: "DynamicQuantizeLinear", inputs: [input], outputs: quantised, attributes: {} });
      this.#quantised.set(input, quantised);
    }
    return quantised;
  }

  #scaled(sums: Value, inputScale: Value, weightScale: Value): Value {
    const scale = this.op("Mul", [inputScale, weightScale]);
    return this.op("Mul", [this.op("Cast", [sums], { to: dataTypeOf("float32") }), scale]);
  }

  #uniform(shape: readonly number[], reach: number): Float32Array {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (let index = 0; index < values.length; index++) values[index] = (this.#shared.random() * 2 - 1) * reach;
    return values;
  }

  #constant(dtype: OnnxDtype, shape: readonly number[], data: OnnxWeight["data"]): Value {
    const name = this.#name();
    this.#shared.weights.push({ name, dtype, shape, data });
    return name;
  }

  #name(): Value {
    return `v${this.#shared.names++}`;
  }
}

interface LinearShape {
  readonly from: number;
  readonly to: number;
  readonly bias?: boolean;
}

function quantise(values: Float32Array, reach: number): Int8Array {
  const quantised = new Int8Array(values.length);
  const factor = INT8_MAX / reach;
  for (let index = 0; index < values.length; index++) quantised[index] = Math.round((values[index] ?? 0) * factor);
  return quantised;
}
