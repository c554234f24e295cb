import { execFile, spawnSync } from "node:child_process";
import { readFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestContext } from "vitest";

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

/** Skips the running test, with a printed reason, where there is no ffmpeg. */
export function needsFfmpeg(context: TestContext): void {
  context.skip(!hasFfmpeg, "ffmpeg is not on the PATH: apt-get install ffmpeg");
}

/** A folder that is gone when the test ends. */
async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "stargate-audio-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** What `ffmpeg <input> <parameters>` writes: a file of its own, so that containers that need seeking come out whole. */
export async function ffmpegFile(
  name: string,
  parameters: readonly string[],
  input?: { readonly name: string; readonly blob: Blob },
): Promise<Blob> {
  await using folder = await temporaryFolder();
  const inputs: string[] = [];
  if (input !== undefined) {
    const path = join(folder.path, input.name);
    await writeFile(path, new Uint8Array(await input.blob.arrayBuffer()));
    inputs.push("-i", path);
  }
  const output = join(folder.path, name);
  await promisify(execFile)("ffmpeg", ["-v", "error", "-y", ...inputs, ...parameters, output]);
  return new Blob([new Uint8Array(await readFile(output))]);
}

/** The reference: `ffmpeg -i <input> -ar 16000 -ac 1` as 16-bit samples, as floats. */
export async function ffmpegSamples(name: string, blob: Blob): Promise<Float32Array<ArrayBuffer>> {
  const raw = await ffmpegFile("out.raw", ["-ar", "16000", "-ac", "1", "-f", "s16le"], { name, blob });
  return Float32Array.from(new Int16Array(await raw.arrayBuffer()), (value) => value / 32_768);
}

/** Largest difference between two runs of samples; Infinity when they are not equally long. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? 0))), 0);
}
