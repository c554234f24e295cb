import { writeField as field } from "../../../packages/adapters/onnx/src/model/protobuf.ts";

/** Types that the models here use, with their numbers in TensorProto.DataType of onnx.proto. */
const dataTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;

export type OnnxDtype = keyof typeof dataTypes;

export const dataTypeOf = (dtype: OnnxDtype): number => dataTypes[dtype];

/** A constant of a model; its bytes lie in the model's file. */
export interface OnnxWeight {
  readonly name: string;
  readonly dtype: OnnxDtype;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | Int8Array | BigInt64Array;
}

export interface OnnxValue {
  readonly name: string;
  readonly dtype: OnnxDtype;
  /** A string is a dynamic dimension. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A graph is a branch: it sees the names around it, and has no inputs. */
  readonly attributes: Readonly<Record<string, number | readonly number[] | OnnxGraph>>;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxWeight[];
}

const IR_VERSION = 8;
const OPSET = 17;

/**
 * An ONNX file with its weights inside, as public exports below 2 GB are, in parts to be written one after the other.
 * Field numbers: onnx/onnx.proto.
 */
export function onnxFile(content: OnnxGraph): readonly Uint8Array[] {
  const graph = graphProto(content);
  const length = graph.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return [Uint8Array.from([...field(1, IR_VERSION), ...field(8, field(2, OPSET)), ...head(7, length)]), ...graph];
}

function graphProto({ inputs, outputs, nodes, weights }: OnnxGraph): Uint8Array[] {
  return [
    ...nodes.map((node) => Uint8Array.from(field(1, nodeProto(node)))),
    Uint8Array.from(field(2, "bench")),
    ...weights.flatMap(weightProto),
    ...inputs.map((value) => Uint8Array.from(field(11, valueInfo(value)))),
    ...outputs.map((value) => Uint8Array.from(field(12, valueInfo(value)))),
  ];
}

function nodeProto({ op, inputs, outputs, attributes }: OnnxNode): number[] {
  return [
    ...inputs.flatMap((name) => field(1, name)),
    ...outputs.flatMap((name) => field(2, name)),
    ...field(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => field(5, attribute(name, value))),
  ];
}

/** Field and AttributeProto.AttributeType of INT, GRAPH and INTS. */
function attribute(name: string, value: OnnxNode["attributes"][string]): number[] {
  if (typeof value === "number") return [...field(1, name), ...field(3, value), ...field(20, 2)];
  if ("nodes" in value) {
    const graph = graphProto(value).flatMap((part) => [...part]);
    return [...field(1, name), ...field(6, graph), ...field(20, 5)];
  }
  return [...field(1, name), ...value.flatMap((one) => field(8, one)), ...field(20, 7)];
}

/** A TensorProto with raw_data; the data itself is not copied. */
function weightProto({ name, dtype, shape, data }: OnnxWeight): Uint8Array[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const start = [
    ...shape.flatMap((size) => field(1, size)),
    ...field(2, dataTypes[dtype]),
    ...field(8, name),
    ...head(9, bytes.byteLength),
  ];
  return [Uint8Array.from([...head(5, start.length + bytes.byteLength), ...start]), bytes];
}

function valueInfo({ name, dtype, shape }: OnnxValue): number[] {
  const dimensions = shape.flatMap((size) => field(1, typeof size === "string" ? field(2, size) : field(1, size)));
  return [...field(1, name), ...field(2, field(1, [...field(1, dataTypes[dtype]), ...field(2, dimensions)]))];
}

/** Tag and length of a field whose bytes follow. */
function head(id: number, length: number): number[] {
  const varint = field(0, length).slice(1); // behind the tag of field 0
  return [(id << 3) | 2, ...varint];
}
