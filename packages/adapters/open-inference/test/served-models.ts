/** A tensor as it lies in a request: raw bytes, or values of JSON. */
export interface ServedTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly raw?: Uint8Array | undefined;
  readonly values?: readonly unknown[] | undefined;
}

interface Metadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** A model of the server below. Computes for real, without the code under test. */
export interface ServedModel {
  readonly inputs: readonly Metadata[];
  readonly outputs: readonly Metadata[];
  readonly maxBatchSize: number;
  readonly compute: (inputs: readonly ServedTensor[]) => readonly ServedTensor[];
}

const datatypes = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"];
const echoed = [...datatypes, "FP16", "BF16", "FP32", "FP64", "BYTES"];

function floats({ raw, values }: ServedTensor): readonly number[] {
  if (raw === undefined) return (values ?? []).map(Number);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
}

function floatBytes(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  for (const [index, number] of numbers.entries()) view.setFloat32(index * 4, number, true);
  return new Uint8Array(view.buffer);
}

/** y = 2x, answered the way it was asked. */
function double(x: ServedTensor): ServedTensor {
  const values = floats(x).map((value) => 2 * value);
  const form = x.raw === undefined ? { values } : { raw: floatBytes(values) };
  return { name: "y", datatype: "FP32", shape: x.shape, ...form };
}

const vector = (name: string, datatype: string) => [{ name, datatype, shape: [-1] }];

/** "double"; "batched", which takes two rows at a time; "echo-fp32" and the like, which give their input back. */
export const servedModels: Readonly<Record<string, ServedModel>> = {
  double: {
    inputs: vector("x", "FP32"),
    outputs: vector("y", "FP32"),
    maxBatchSize: 0,
    compute: (inputs) => inputs.map(double),
  },
  batched: {
    inputs: [{ name: "x", datatype: "FP32", shape: [-1, 3] }],
    outputs: [{ name: "y", datatype: "FP32", shape: [-1, 3] }],
    maxBatchSize: 2,
    compute: (inputs) => inputs.map(double),
  },
  silent: { inputs: [], outputs: [], maxBatchSize: 0, compute: (inputs) => inputs.map(double) },
  ...Object.fromEntries(
    echoed.map((datatype) => [
      `echo-${datatype.toLowerCase()}`,
      {
        inputs: vector("x", datatype),
        outputs: vector("y", datatype),
        maxBatchSize: 0,
        compute: (inputs: readonly ServedTensor[]) => inputs.map((input) => ({ ...input, name: "y" })),
      },
    ]),
  ),
};
