import { describe, expect, test } from "vitest";
import { createStatePool } from "./pool-states.ts";

/** float32 [rows, tokens, 2] */
const states = (...rows: readonly (readonly (readonly [number, number])[])[]) => ({
  last_hidden_state: {
    dtype: "float32",
    shape: [rows.length, rows[0]?.length ?? 0, 2],
    data: Float32Array.from(rows.flat(2)),
  } as const,
});

describe("createStatePool", () => {
  test("takes the mean of the tokens that count, over windows of any length", () => {
    const pool = createStatePool("m", "mean");
    pool.add(
      states(
        [
          [1, 0],
          [3, 0],
          [99, 99],
        ],
        [
          [5, 4],
          [99, 99],
          [99, 99],
        ],
      ),
      [2, 1],
    );
    pool.add(states([[7, 8]]), [1]);
    expect([...pool.mean()]).toEqual([4, 3]);
  });

  test("takes the first state of each window, weighted by its tokens", () => {
    const pool = createStatePool("m", "first");
    pool.add(
      states(
        [
          [1, 0],
          [99, 99],
          [99, 99],
        ],
        [
          [5, 4],
          [99, 99],
          [99, 99],
        ],
      ),
      [3, 1],
    );
    expect([...pool.mean()]).toEqual([2, 1]);
  });

  test("finds the states under the other name exporters use", () => {
    const pool = createStatePool("m", "mean");
    pool.add({ token_embeddings: states([[1, 2]]).last_hidden_state }, [1]);
    expect([...pool.mean()]).toEqual([1, 2]);
  });

  test.each([
    ["another output", { logits: states([[1, 2]]).last_hidden_state }, "logits float32[1, 1, 2]"],
    ["no output", {}, "nothing"],
    ["pooled vectors", { last_hidden_state: { dtype: "float32", shape: [1, 2], data: new Float32Array(2) } }, "[1, 2]"],
    [
      "another dtype",
      { last_hidden_state: { dtype: "float64", shape: [1, 1, 2], data: new Float64Array(2) } },
      "float64",
    ],
    ["other rows than were asked for", states([[1, 2]], [[1, 2]]), "[2, 1, 2]"],
  ] as const)("refuses %s and says what it got", (_name, outputs, message) => {
    expect(() => createStatePool("m", "mean").add(outputs, [1])).toThrow(
      expect.objectContaining({ code: "SG_TEXT_MODEL_OUTPUT", message: expect.stringContaining(message) }),
    );
  });
});
