import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const SAMPLE_RATE_HZ = 16_000;

/** Writes speech over and over, `seconds` long, in whatever the parameters of ffmpeg say. */
export async function writeRecording(
  speech: string,
  file: string,
  { seconds, parameters }: { readonly seconds: number; readonly parameters: readonly string[] },
): Promise<void> {
  const input = ["-stream_loop", "-1", "-i", speech, "-t", String(seconds)];
  await promisify(execFile)("ffmpeg", ["-v", "error", "-y", ...input, ...parameters, file]);
}

/** Samples of the speech over and over, each window of 30 s from another place, so that no two are alike. */
export async function speechWindows(speech: string, windows: number): Promise<Float32Array<ArrayBuffer>> {
  const file = await readFile(speech);
  const samples = new Int16Array(Uint8Array.from(file.subarray(file.indexOf("data") + 8)).buffer);
  const size = 30 * SAMPLE_RATE_HZ;
  return Float32Array.from({ length: windows * size }, (_, index) => {
    const offset = Math.floor(index / size) * 37_777;
    return (samples[(index + offset) % samples.length] ?? 0) / 32_768;
  });
}
