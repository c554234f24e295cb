import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, ModelFile, ModelSpec } from "@stargate/kernel";
import { seededRandom } from "@stargate/kernel/testing";
import { createModelStore, type ModelStoreOptions } from "../../src/store/create-model-store.ts";
import { sha256Of } from "../../../../test/support/model-server.ts";

/** A clock on which every pause is over at once and no long limit is ever reached. Keeps how long pauses were to be. */
export interface HurriedClock extends Clock {
  readonly pauses: number[];
}

const LONG_MS = 30_000;

export function createHurriedClock(): HurriedClock {
  const pauses: number[] = [];
  return {
    pauses,
    nowMs: () => performance.now(),
    epochMs: () => Date.now(),
    timer(ms, callback) {
      if (ms >= LONG_MS) return () => undefined;
      pauses.push(ms);
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    },
  };
}

/** Bytes that look like those of a model: the same for the same seed. */
export function modelBytes(sizeBytes: number, seed = 1): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Array.from({ length: sizeBytes }, () => random.integer(0, 255)));
}

/** The same bytes with one bit of one of them changed. */
export function flipped(body: Buffer, position = Math.floor(body.length / 2)): Buffer {
  const other = Buffer.from(body);
  other[position] = (other[position] ?? 0) ^ 1;
  return other;
}

export function fileOf(name: string, body: Buffer, urls: readonly string[]): ModelFile {
  return { name, urls, sha256: sha256Of(body), sizeBytes: body.length };
}

/** A model of one variant. */
export function specOf(id: string, files: readonly ModelFile[], rest: Partial<ModelSpec> = {}): ModelSpec {
  return {
    id,
    version: "1.0.0",
    summary: "A model of a test",
    licence: "MIT",
    format: "onnx",
    variants: [{ name: "fp32", quality: 1, files }],
    ...rest,
  };
}

export const idle = { signal: new AbortController().signal };

/** A folder of its own for one test, with stores in it. */
export async function openStoreKit() {
  const directory = await mkdtemp(join(tmpdir(), "stargate-models-"));
  return {
    directory,
    folder: join(directory, "store"),
    /** The real fetch is the network of these tests; what may be reached is the gate's matter, not the store's. */
    open: (options: Partial<ModelStoreOptions> = {}) =>
      createModelStore({
        folder: join(directory, "store"),
        clock: createHurriedClock(),
        fetch: (input, init) => fetch(input, init),
        ...options,
      }),
    async write(name: string, body: Uint8Array | string) {
      const path = join(directory, name);
      await writeFile(path, body);
      return path;
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Code, message and hint of what a promise is rejected with. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  try {
    await work;
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    return { code, message, hint };
  }
  return { code: "none", message: "it was not refused", hint: "" };
}
