import {
  type Adapter,
  defineAdapter,
  type ModelSpec,
  type TensorDtype,
  type TensorMap,
  type TensorSpec,
} from "@stargate/kernel";
import { createScriptedBackend, type ScriptedModel } from "@stargate/kernel/testing";

const dtypes: readonly TensorDtype[] = [
  "bool",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "int8",
  "int16",
  "int32",
  "int64",
  "float16",
  "bfloat16",
  "float32",
  "float64",
  "string",
];

/** One tensor of each dtype: "x_float32" and the like. */
const ofEach = (prefix: string): readonly TensorSpec[] =>
  dtypes.map((dtype) => ({ name: `${prefix}_${dtype}`, dtype, shape: ["n"] }));

const models: Readonly<Record<string, ScriptedModel>> = {
  /** y = 2x */
  double: {
    signature: {
      inputs: [{ name: "x", dtype: "float32", shape: ["batch", 2] }],
      outputs: [{ name: "y", dtype: "float32", shape: ["batch", 2] }],
    },
    compute: ({ x }) =>
      x === undefined ? {} : { y: { ...x, data: (x.data as Float32Array).map((value) => 2 * value) } },
  },
  /** Gives every input back: "x_int8" as "y_int8". */
  echo: {
    signature: { inputs: ofEach("x"), outputs: ofEach("y") },
    compute: (inputs): TensorMap =>
      Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name.replace("x_", "y_"), tensor])),
  },
};

const spec = (id: string, more: Partial<ModelSpec> = {}): ModelSpec => ({
  id,
  version: "1",
  summary: "A model for tests",
  licence: "Apache-2.0",
  format: "scripted",
  variants: [{ name: "only", quality: 1, files: [] }],
  ...more,
});

/** Models that compute on the gateway's own thread, and one whose file nobody has. */
export function modelAdapter(): Adapter {
  return defineAdapter({
    spec: 1,
    id: "test-models",
    version: "1.0.0",
    summary: "Models for tests",
    models: [
      spec("double"),
      spec("echo", { signature: models["echo"]?.signature }),
      spec("lost", {
        variants: [
          { name: "only", quality: 1, files: [{ name: "m", urls: [], sha256: "0".repeat(64), sizeBytes: 1 }] },
        ],
      }),
    ],
    backends: [createScriptedBackend({ models })],
  });
}
