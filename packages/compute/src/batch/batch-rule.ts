import type { ModelSignature, ModelSpec, TensorSpec } from "@stargate/kernel";

/** Names that exporters give to the axis along which items lie (tf2onnx, torch.onnx, optimum, paddle2onnx, hand-written). */
const batchNames = /^(?:n|b|bs|batch|batch[_ -]?size|unk__\d*batch\w*|\w+_batch_size|dynamicdimension\.0)$/i;

/**
 * Whether calls of a model can share a run: items along the first axis of every input and output are independent.
 * A declaration decides; without one it is so when the first axis of all of them is dynamic and named like a batch.
 * @param signature of the loaded model, or the declared one.
 */
export function isBatchable(spec: Pick<ModelSpec, "batching">, signature: ModelSignature | undefined): boolean {
  if (spec.batching !== undefined) return spec.batching === "first-axis";
  if (signature === undefined || signature.inputs.length === 0) return false;
  return [...signature.inputs, ...signature.outputs].every(hasBatchAxis);
}

function hasBatchAxis({ shape }: TensorSpec): boolean {
  const [first] = shape;
  return typeof first === "string" && batchNames.test(first);
}
