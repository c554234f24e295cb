import { type Compute, createEmbedding } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import type { SpeechWindow } from "./turns/speech-windows.ts";

/** A unit vector for each window: what the voice in it sounds like. All windows have one length. */
export async function embedWindows(
  windows: readonly SpeechWindow[],
  { model, compute, signal }: { readonly model: string; readonly compute: Compute; readonly signal: AbortSignal },
): Promise<readonly Float32Array[]> {
  const length = windows[0]?.samples.length ?? 0;
  const data = new Float32Array(windows.length * length);
  for (const [index, { samples }] of windows.entries()) data.set(samples, index * length);
  const samples = { dtype: "float32", shape: [windows.length, length], data } as const;
  const { embedding } = await compute.run(model, { samples }, { signal });
  const [count, dimensions = 0] = embedding?.shape ?? [];
  const values = embedding?.data;
  if (!(values instanceof Float32Array) || count !== windows.length)
    throw fail("SG_COMPUTE_WRONG_RESULT", `Model "${model}" gives no embedding for each of ${windows.length} windows`);
  return windows.map(
    (_, index) =>
      createEmbedding({ model, vector: values.subarray(index * dimensions, (index + 1) * dimensions) }).vector,
  );
}
