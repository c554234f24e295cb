import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { embedding } from "../index.ts";
import { combineEmbeddings } from "./combine-embeddings.ts";
import { createEmbedding } from "./create-embedding.ts";

const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const json = embedding.codecs["application/json"];
const floats = embedding.codecs["application/octet-stream"];

const vectors = fc
  .float32Array({ minLength: 1, maxLength: 64, noNaN: true, min: -1e6, max: 1e6 })
  .filter((vector) => vector.some((value) => Math.abs(value) > 1e-3));

async function decodeJson(value: unknown): Promise<unknown> {
  try {
    return await json?.decode?.(new Blob([JSON.stringify(value)]), context);
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : error;
  }
}

function problem(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return isStargateError(error) ? error.code : error;
  }
}

describe("createEmbedding", () => {
  it("keeps the direction and gives length 1", () => {
    fc.assert(
      fc.property(vectors, (vector) => {
        const { vector: unit, dimensions } = createEmbedding({ model: "m", vector });
        const length = Math.hypot(...unit);
        expect(Math.abs(length - 1)).toBeLessThan(1e-5);
        expect(dimensions).toBe(vector.length);
        const scale = Math.hypot(...vector);
        for (const [index, value] of unit.entries())
          expect(Math.abs(value * scale - (vector[index] ?? 0))).toBeLessThanOrEqual(1e-6 * scale);
      }),
    );
  });

  it("cuts to fewer dimensions before it normalises", () => {
    expect(createEmbedding({ model: "m", vector: [3, 4, 100], dimensions: 2 })).toEqual({
      model: "m",
      dimensions: 2,
      normalized: true,
      vector: Float32Array.of(0.6, 0.8),
    });
  });

  it.each([
    ["zeros", [0, 0], undefined, "SG_COMPUTE_WRONG_RESULT"],
    ["a value that is no number", [1, Number.NaN], undefined, "SG_COMPUTE_WRONG_RESULT"],
    ["an endless value", [1, Infinity], undefined, "SG_COMPUTE_WRONG_RESULT"],
    ["more dimensions than there are", [1, 0], 3, "SG_OPTIONS_INVALID"],
    ["no dimensions", [], undefined, "SG_OPTIONS_INVALID"],
  ])("refuses %s", (_what, vector, dimensions, code) => {
    expect(problem(() => createEmbedding({ model: "m", vector, dimensions }))).toBe(code);
  });
});

describe("combineEmbeddings", () => {
  const of = (model: string, ...vector: readonly number[]) => createEmbedding({ model, vector });

  it("gives the direction between them, of length 1", () => {
    const { vector, model } = combineEmbeddings([of("m", 5, 0), of("m", 0, 2)]);
    expect(model).toBe("m");
    expect([...vector]).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2)]);
  });

  it("gives one of one", () => {
    expect(combineEmbeddings([of("m", 3, 4)])).toEqual(of("m", 3, 4));
  });

  it.each([
    ["none", []],
    ["those of two models", [of("m", 1, 0), of("n", 1, 0)]],
    ["those of two lengths", [of("m", 1, 0), of("m", 1)]],
  ])("refuses %s", (_what, embeddings) => {
    expect(problem(() => combineEmbeddings(embeddings))).toBe("SG_INPUT_INVALID");
  });

  it("refuses those that cancel each other out", () => {
    expect(problem(() => combineEmbeddings([of("m", 1), of("m", -1)]))).toBe("SG_COMPUTE_WRONG_RESULT");
  });
});

describe("embedding", () => {
  it("travels as JSON and back, bit by bit", async () => {
    await fc.assert(
      fc.asyncProperty(vectors, async (vector) => {
        const value = createEmbedding({ model: "m", vector });
        const written = (await json?.encode?.(value, context)) as string;
        const read = await json?.decode?.(new Blob([written]), context);
        // -0 is written as 0, and is equal to it.
        expect(read?.vector.map((element) => element + 0)).toEqual(value.vector.map((element) => element + 0));
        expect(embedding.schema.safeParse(read).success).toBe(true);
      }),
    );
  });

  it("is written as bare float32 numbers, little-endian, and not read from them", async () => {
    const value = createEmbedding({ model: "m", vector: [1, 0] });
    expect(await floats?.encode?.(value, context)).toEqual(Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0));
    expect(floats?.decode).toBeUndefined();
  });

  it("says whose space it lies in, and how many dimensions that has", () => {
    expect(embedding.describe(createEmbedding({ model: "m", vector: [1, 0] }))).toEqual({ model: "m", dimensions: 2 });
  });

  it("is refused with another number of values than it says, and with another length than 1", async () => {
    const value = { model: "m", normalized: true, dimensions: 3, vector: [0.6, 0.8] };
    expect(await decodeJson(value)).toBe("SG_INPUT_INVALID: Embedding has 2 values and says dimensions: 3");
    expect(await decodeJson({ ...value, dimensions: 2, vector: [3, 4] })).toBe(
      "SG_INPUT_INVALID: Embedding has length 5.000 and says normalized: true",
    );
    expect(await decodeJson({ ...value, dimensions: 2, normalized: false })).toMatch(/^SG_INPUT_INVALID: .*normalized/);
  });
});
