import { fail, type ModelPart, type ModelProgram, parseStrictly, type Tensor } from "@stargate/kernel/backend";
import { z } from "zod";
import { createFilterBank } from "./filter-bank.ts";

const optionsSchema = z.strictObject({ input: z.enum(["fbank", "samples"]), mels: z.int().min(1) });

type Options = z.infer<typeof optionsSchema>;

/**
 * A speaker embedding model over windows of 16 kHz sound, all of one length: what it reads is made where it runs. The part
 * `model` has one input, batch first; its first output is the embedding.
 */
export const speakerProgram: ModelProgram = {
  signature: {
    inputs: [{ name: "samples", dtype: "float32", shape: ["windows", "samples"] }],
    outputs: [{ name: "embedding", dtype: "float32", shape: ["windows", "dimensions"] }],
  },
  async run({ samples }, { parts, options, signal }) {
    const { model } = parts;
    if (model === undefined || samples === undefined)
      throw fail("SG_COMPUTE_MODEL", 'A speaker embedding model has the part "model"');
    const input = inputOf(model, parseStrictly("Options of the speaker program", optionsSchema, options));
    const [windows = 0, length = 0] = samples.shape;
    const sound = samples.data as Float32Array; // the signature says so
    const rows: Float32Array[] = [];
    for (let first = 0; first < windows; first += input.batch) {
      const count = Math.min(input.batch, windows - first);
      const tensor = input.tensorOf(sound.subarray(first * length, (first + count) * length), count, length);
      rows.push(await embed(model, input.name, tensor, signal));
    }
    const data = joined(rows);
    return { embedding: { dtype: "float32", shape: [windows, windows === 0 ? 0 : data.length / windows], data } };
  },
};

interface ModelInput {
  readonly name: string;
  /** Windows that may be given at once. */
  readonly batch: number;
  tensorOf(sound: Float32Array, windows: number, length: number): Tensor;
}

/** Throws SG_COMPUTE_MODEL for a model that reads something else. */
function inputOf({ signature }: ModelPart, { input, mels }: Options): ModelInput {
  const [spec, ...others] = signature.inputs;
  const rank = spec?.shape.length;
  const fits = input === "fbank" ? rank === 3 : rank === 2 || rank === 3;
  if (spec === undefined || others.length > 0 || !fits)
    throw fail(
      "SG_COMPUTE_MODEL",
      `The speaker embedding model reads ${signature.inputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(" and ")}, which is not "${input}"`,
      { hint: "Set `diarise.input` to what the model reads, or use a model with one such input." },
    );
  const batch = spec.shape[0] === 1 ? 1 : Infinity;
  if (input === "samples")
    return {
      name: spec.name,
      batch,
      tensorOf: (data, windows, length) => ({
        dtype: "float32",
        shape: rank === 3 ? [windows, 1, length] : [windows, length],
        data: data.slice(),
      }),
    };
  const filterBank = createFilterBank(mels);
  return {
    name: spec.name,
    batch,
    tensorOf(sound, windows, length) {
      const data = joined(
        Array.from({ length: windows }, (_, window) =>
          filterBank(sound.subarray(window * length, (window + 1) * length)),
        ),
      );
      return { dtype: "float32", shape: [windows, data.length / mels / windows, mels], data };
    },
  };
}

async function embed(model: ModelPart, name: string, tensor: Tensor, signal: AbortSignal): Promise<Float32Array> {
  const [output] = model.signature.outputs;
  if (output === undefined) throw fail("SG_COMPUTE_MODEL", "The speaker embedding model gives nothing");
  const answer = await model.run({ [name]: tensor }, { signal, outputs: [output.name] });
  const data = answer[output.name]?.data;
  const windows = tensor.shape[0] ?? 0;
  if (!(data instanceof Float32Array) || data.length === 0 || data.length % windows !== 0)
    throw fail(
      "SG_COMPUTE_MODEL",
      `The speaker embedding model gives no float32 vector per window as "${output.name}"`,
    );
  return data;
}

function joined(rows: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const values = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    values.set(row, at);
    at += row.length;
  }
  return values;
}
