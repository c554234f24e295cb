import type { ModelFile, ModelSpec } from "@stargate/kernel";

/** Weights of OpenAI as ONNX, exported for transformers.js. */
const REPOSITORY = "https://huggingface.co/Xenova/clip-vit-base-patch32/resolve/main";

/** No digest of these files is known: whoever uses them accepts them, or pins what was received. */
function file(name: string, folder: string): ModelFile {
  return { name, urls: [`${REPOSITORY}/${folder}${name}`], sha256: null, sizeBytes: null };
}

/** One tower at two precisions. The quality of int8 is a guess until something was measured. */
function tower(name: "vision" | "text"): Pick<ModelSpec, "version" | "licence" | "format" | "batching" | "variants"> {
  return {
    version: "1.0.0",
    licence: "MIT",
    format: "onnx",
    batching: "first-axis",
    variants: [
      { name: "fp32", quality: 1, files: [file(`${name}_model.onnx`, "onnx/")] },
      // Quantised while it runs, with operators that accelerators leave to the CPU.
      { name: "int8", quality: 0.95, files: [file(`${name}_model_quantized.onnx`, "onnx/")], devices: ["cpu"] },
    ],
  };
}

/** CLIP ViT-B/32 (arXiv:2103.00020), 512 dimensions: the towers the adapter uses unless its options name others. */
export const clipModels: readonly ModelSpec[] = [
  { ...tower("vision"), id: "clip-vit-base-patch32-vision", summary: "CLIP ViT-B/32, pictures to embeddings" },
  {
    ...tower("text"),
    id: "clip-vit-base-patch32-text",
    summary: "CLIP ViT-B/32, texts to embeddings",
    assets: [file("tokenizer.json", "")],
  },
];
