import { describe, expect, test } from "vitest";
import { poolKit } from "../../test/pool-kit.ts";

describe("a pool", () => {
  test("opens a host, loads the model and answers", async () => {
    const { pool, clock, submit } = poolKit({}, { startMs: 200, loadMs: 50 });
    const answer = submit([1, 2]);
    await clock.advance(300);
    expect(await answer).toMatchObject({
      outputs: { y: { shape: [1, 2], data: Float32Array.of(2, 4) } },
      device: "cpu",
      deviceKind: "cpu",
      batchItems: 1,
      ownItems: 1,
      queueMs: 200,
      coldMs: 50,
      runMs: 11,
    });
    expect(pool.isLoaded).toBeDefined();
  });
});
