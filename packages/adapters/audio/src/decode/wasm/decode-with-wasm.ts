import { defineTask, type RunContext } from "@stargate/kernel";
import type { WasmFormat } from "../../native/wasm-decoders.ts";
import type { DecodeRequest, SampleStream } from "../sample-stream.ts";
import type { WasmDecodeInput } from "./wasm-decode-task.ts";

const decodeTask = defineTask<WasmDecodeInput, number>({
  base: import.meta.url,
  module: "./wasm-decode-task",
  export: "decodeWasm",
});

/** Samples handed out at once. */
const HANDED_BYTES = 4 * 64 * 1024;

/**
 * Decodes with a WebAssembly decoder, off this thread, where there is no ffmpeg. A task cannot be held up by a slow
 * reader, so the samples wait in the run's temporary place and not in memory; the first ones come when all are decoded.
 */
export async function* decodeWithWasm(
  { blob, sampleRateHz, signal }: DecodeRequest,
  {
    format,
    maxSeconds,
    context,
  }: { format: WasmFormat; maxSeconds: number; context: Pick<RunContext, "offload" | "scratch"> },
): SampleStream {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const stored = context.scratch.put(readable);
  stored.catch(() => undefined); // the task's own failure comes first
  const onProgress = (samples: unknown): void => {
    const { buffer, byteOffset, byteLength } = samples as Float32Array; // what the task sends
    writer.write(new Uint8Array(buffer, byteOffset, byteLength)).catch(() => undefined); // `stored` fails, too
  };
  try {
    await context.offload(decodeTask, { blob, format, sampleRateHz, maxSeconds }, { signal, onProgress });
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
  await writer.close().catch(() => undefined);
  const samples = await stored;
  for (let offset = 0; offset < samples.size; offset += HANDED_BYTES)
    yield new Float32Array(await samples.slice(offset, offset + HANDED_BYTES).arrayBuffer());
  return {};
}
