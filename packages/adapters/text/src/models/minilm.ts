import type { ModelFile, ModelSpec } from "@stargate/kernel";

export const MINILM_ID = "all-MiniLM-L6-v2";

const BASE = "https://huggingface.co/Xenova/all-MiniLM-L6-v2/resolve/main/";

/** A file of the public export. Its digest is not known to this project, so using it needs the operator's accept. */
function onnxFile(name: string): ModelFile {
  return { name, urls: [BASE + name], sha256: null, sizeBytes: null };
}

/**
 * all-MiniLM-L6-v2 of sentence-transformers: 22.7 M parameters, 384 dimensions, English, trained on texts of up to 128
 * tokens and used with up to 256. Layout of the Xenova export; the vocabulary is that of bert-base-uncased.
 */
export const miniLm: ModelSpec = {
  id: MINILM_ID,
  version: "1.0.0",
  summary: "Sentences and short paragraphs in English as 384 numbers (MiniLM, 6 layers)",
  licence: "Apache-2.0",
  format: "onnx",
  assets: [
    {
      name: "vocab.txt",
      urls: [`${BASE}vocab.txt`],
      sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
      sizeBytes: 231_508,
    },
  ],
  variants: [
    { name: "fp32", quality: 1, files: [onnxFile("onnx/model.onnx")] },
    { name: "int8", quality: 0.98, files: [onnxFile("onnx/model_quantized.onnx")], devices: ["cpu"] },
  ],
  signature: {
    inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) => ({
      name,
      dtype: "int64",
      shape: ["batch_size", "sequence_length"],
    })),
    outputs: [{ name: "last_hidden_state", dtype: "float32", shape: ["batch_size", "sequence_length", 384] }],
  },
  batching: "first-axis",
};
