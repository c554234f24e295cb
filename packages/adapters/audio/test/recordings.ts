import { readFileSync } from "node:fs";
import type { TestContext } from "vitest";
import { sharedFile } from "../../../../test/support/shared-files.ts";

/** How a recording of the parity model is put together: see `audio.recipe` in its expected.json. */
export type Recipe = readonly (readonly [string, ...number[]])[];

/** Samples of jfk.wav: a WAV file of 16-bit mono at 16 kHz with a plain header. */
export function readJfk(context: TestContext): Int16Array {
  const bytes = readFileSync(sharedFile(context, "samples/jfk.wav"));
  const data = bytes.indexOf("data", 12, "latin1");
  const length = bytes.readUInt32LE(data + 4);
  const copy = Uint8Array.from(bytes.subarray(data + 8, data + 8 + length));
  return new Int16Array(copy.buffer);
}

/** Noise that any language can repeat: the generator of the recipe. */
export function noise(samples: number, seed: number, shift: number): Int16Array {
  const made = new Int16Array(samples);
  let state = seed;
  for (let index = 0; index < samples; index++) {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    made[index] = ((state >>> 16) - 32_768) >> shift;
  }
  return made;
}

/** A recording of the parity model, -1 to 1. */
export function makeRecording(jfk: Int16Array, recipe: Recipe): Float32Array<ArrayBuffer> {
  const parts = recipe.map(([kind, ...numbers]) => {
    if (kind === "noise") return noise(numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0);
    return kind === "jfk" ? jfk : jfk.toReversed();
  });
  return Float32Array.from(parts.flatMap((part) => Array.from(part, (value) => value / 32_768)));
}

/** A recording in pieces of so many samples. */
export async function* inPieces(
  samples: Float32Array<ArrayBuffer>,
  size: number,
): AsyncGenerator<{
  samples: Float32Array<ArrayBuffer>;
  sampleRateHz: number;
  channels: number;
  startSeconds: number;
}> {
  for (let at = 0; at < samples.length; at += size)
    yield { samples: samples.slice(at, at + size), sampleRateHz: 16_000, channels: 1, startSeconds: at / 16_000 };
}
