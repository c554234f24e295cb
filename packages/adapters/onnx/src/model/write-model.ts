import type { TensorDtype } from "@stargate/kernel";
import { writeField as field } from "./protobuf.ts";

/** An input or output of a graph; a string is a dynamic dimension. */
export interface ValueDraft {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly (number | string)[];
}

/** A number, several, or a text, as attributes of nodes hold them. */
export type AttributeDraft = number | readonly number[] | string;

/** A model to write: float32 weights lie in another file. */
export interface ModelDraft {
  readonly inputs: readonly ValueDraft[];
  readonly outputs: readonly ValueDraft[];
  readonly nodes: readonly {
    readonly op: string;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly attributes?: Readonly<Record<string, AttributeDraft>>;
  }[];
  readonly externalWeights?: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly file: string;
  }[];
}

// TensorProto.DataType of onnx.proto.
const dataTypes: Readonly<Record<TensorDtype, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};

/** IR version 8 and operator set 17: read by ONNX Runtime 1.14 and newer. */
const IR_VERSION = 8;
const OPSET = 17;

/**
 * Writes a small ONNX file, so that devices can be tried and tests made without model files or Python.
 * Field numbers: onnx/onnx.proto (ModelProto, GraphProto, NodeProto, AttributeProto, ValueInfoProto, TensorProto).
 */
export function writeModel({ inputs, outputs, nodes, externalWeights = [] }: ModelDraft): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.flatMap((node) =>
      field(1, [
        ...node.inputs.flatMap((name) => field(1, name)),
        ...node.outputs.flatMap((name) => field(2, name)),
        ...field(4, node.op),
        ...Object.entries(node.attributes ?? {}).flatMap(([name, value]) => field(5, attribute(name, value))),
      ]),
    ),
    ...field(2, "graph"),
    ...externalWeights.flatMap(({ name, shape, file }) =>
      field(5, [
        ...shape.flatMap((size) => field(1, size)),
        ...field(2, dataTypes.float32),
        ...field(8, name),
        ...field(13, [...field(1, "location"), ...field(2, file)]),
        ...field(14, 1),
      ]),
    ),
    ...inputs.flatMap((value) => field(11, valueInfo(value))),
    ...outputs.flatMap((value) => field(12, valueInfo(value))),
  ];
  return Uint8Array.from([...field(1, IR_VERSION), ...field(7, graph), ...field(8, field(2, OPSET))]);
}

/** Field and AttributeProto.AttributeType of each kind of value: INT, INTS, STRING. */
function attribute(name: string, value: AttributeDraft): number[] {
  if (typeof value === "number") return [...field(1, name), ...field(3, value), ...field(20, 2)];
  if (typeof value === "string") return [...field(1, name), ...field(4, value), ...field(20, 3)];
  return [...field(1, name), ...value.flatMap((one) => field(8, one)), ...field(20, 7)];
}

function valueInfo({ name, dtype, shape }: ValueDraft): number[] {
  const dimensions = shape.flatMap((size) => field(1, typeof size === "string" ? field(2, size) : field(1, size)));
  return [...field(1, name), ...field(2, field(1, [...field(1, dataTypes[dtype]), ...field(2, dimensions)]))];
}
