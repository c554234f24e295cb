import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeModelOnce } from "../../embeddings/model/model-on-disk.ts";
import { decoderGraph, encoderGraph } from "./whisper-graphs.ts";

/** A model in the layout of the public exports: what transformers.js reads, and where we find the same files. */
export interface WhisperFiles {
  /** Folder that holds `folder/name`, as transformers.js looks for models. */
  readonly root: string;
  readonly name: string;
  readonly encoder: string;
  readonly decoder: string;
}

const name = "whisper-tiny-shaped";

/** Kept between runs: 150 MB. A change of the graphs needs a new name. */
const root = join(tmpdir(), "stargate-bench-whisper-1");

/** Settings that the parity model has in another size. */
const sizes = {
  d_model: 384,
  encoder_layers: 4,
  decoder_layers: 4,
  encoder_attention_heads: 6,
  decoder_attention_heads: 6,
  encoder_ffn_dim: 1536,
  decoder_ffn_dim: 1536,
  num_hidden_layers: 4,
};

/** Random weights in the shape of whisper-tiny, with the vocabulary and the settings of the parity model. */
export async function whisperFiles(parity: string, note: (message: string) => void): Promise<WhisperFiles> {
  const folder = join(root, name);
  const encoder = join(folder, "onnx/encoder_model.onnx");
  const decoder = join(folder, "onnx/decoder_model_merged.onnx");
  await mkdir(folder, { recursive: true });
  await writeModelOnce(encoder, encoderGraph, note);
  await writeModelOnce(decoder, decoderGraph, note);
  for (const file of ["tokenizer.json", "generation_config.json", "preprocessor_config.json"])
    await copyFile(join(parity, file), join(folder, file));
  const config = JSON.parse(await readFile(join(parity, "config.json"), "utf8")) as object;
  await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, ...sizes }));
  await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify({ tokenizer_class: "WhisperTokenizer" }));
  return { root, name, encoder, decoder };
}
