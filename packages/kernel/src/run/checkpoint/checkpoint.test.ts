import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTransform } from "../../define/define-transform.ts";
import type { GraphStep } from "../../graph/graph.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createRunKit, step } from "../../testing/run-kit.ts";
import type { Checkpoint, CheckpointStore } from "./checkpoint.ts";
import type { RunRequest } from "../runner.ts";

const base = { version: "1.0.0", summary: "For a test" } as const;

/** Remembers a value JSON cannot carry. */
const forgetful = defineTransform({
  ...base,
  id: "kit.forgetful",
  from: number,
  to: number,
  state: { scope: "stream", schema: z.unknown(), initial: () => new Map() },
  run(input, { state }) {
    state.set(new Map([[input, input]]));
    return input;
  },
});

/** Uses a key although it has one state per stream. */
const keyed = defineTransform({
  ...base,
  id: "kit.keyed",
  from: number,
  to: number,
  state: { scope: "stream", schema: z.int(), initial: () => 0 },
  run: (input, { state }) => state.get("camera 1") + input,
});

const kit = createRunKit([forgetful, keyed]);

function memory(saved: Checkpoint[] = []) {
  const store: CheckpointStore = {
    load: async () => saved.at(-1),
    save: async (_key, checkpoint) => void saved.push(JSON.parse(JSON.stringify(checkpoint)) as Checkpoint),
  };
  return { saved, checkpoints: { store, key: "run" } satisfies RunRequest["checkpoints"] };
}

const sum: GraphStep = {
  kind: "map",
  id: "each",
  over: "n",
  body: { inputs: { item: "number" }, steps: [step("sum", "numbers.accumulate", "item")], output: "sum" },
};
const summed = kit.pipeline({ n: "many(number)" }, [sum]);

describe("checkpoints", () => {
  it("are saved after every item, when its result has been taken", async () => {
    const { saved, checkpoints } = memory();
    await kit.run(summed, { n: [1, 2, 3] }, { checkpoints });
    expect(saved.map(({ itemsTaken, itemsYielded, state }) => [itemsTaken, itemsYielded, state["each/sum"]])).toEqual([
      [1, 1, { "": 1 }],
      [2, 2, { "": 3 }],
      [3, 3, { "": 6 }],
    ]);
  });

  it("are saved less often when they are asked to", async () => {
    const { saved, checkpoints } = memory();
    await kit.run(summed, { n: [1, 2, 3, 4, 5] }, { checkpoints: { ...checkpoints, everyItems: 2 } });
    expect(saved.map(({ itemsTaken }) => itemsTaken)).toEqual([2, 4]);
  });

  it("wait until the consumer asks for more: what it has not dealt with is not committed", async () => {
    const { saved, checkpoints } = memory();
    async function* items() {
      yield* [1, 2];
    }
    const iterator = kit.runner.stream({ graph: summed, inputs: { n: items() }, checkpoints })[Symbol.asyncIterator]();
    await iterator.next();
    await kit.clock.advance(0);
    expect(saved).toEqual([]);
    await iterator.next();
    expect(saved).toHaveLength(1);
    await iterator.return?.();
  });

  it("let a run go on: the first items are dropped, numbers and state continue", async () => {
    const first = memory();
    await kit.run(summed, { n: [1, 2, 3] }, { checkpoints: first.checkpoints });
    const second = memory(first.saved.slice(0, 2));
    const { payload } = await kit.run(summed, { n: [1, 2, 3, 4] }, { checkpoints: second.checkpoints });
    expect(payload.value).toEqual([6, 10]);
    expect(second.saved.at(-1)).toMatchObject({ itemsTaken: 4, itemsYielded: 4 });
  });

  it("of another plan are refused", async () => {
    const { checkpoints } = memory([
      { itemsTaken: 1, inputs: { n: 1 }, itemsYielded: 1, state: {}, edges: {}, ended: [], planHash: "sha256:other" },
    ]);
    await expect(kit.run(summed, { n: [1] }, { checkpoints })).rejects.toMatchObject({
      code: "SG_STATE_INVALID",
      message: expect.stringContaining("sha256:other"),
    });
  });

  it("with a state the transform does not understand are refused, naming the step", async () => {
    const { checkpoints } = memory([
      {
        itemsTaken: 0,
        inputs: {},
        itemsYielded: 0,
        state: { "each/sum": { "": "six" } },
        edges: {},
        ended: [],
        planHash: summed.planHash,
      },
    ]);
    await expect(kit.run(summed, { n: [1] }, { checkpoints })).rejects.toMatchObject({
      code: "SG_STATE_INVALID",
      message: expect.stringContaining("each/sum"),
    });
  });

  it("that cannot be saved end the run with the store's error", async () => {
    const store: CheckpointStore = {
      load: async () => undefined,
      save: () => Promise.reject(new RangeError("disk full")),
    };
    await expect(kit.run(summed, { n: [1] }, { checkpoints: { store, key: "run" } })).rejects.toMatchObject({
      code: "SG_RUN_FAILED",
      cause: { message: "disk full" },
    });
  });

  it("refuse state that JSON cannot carry, naming it", async () => {
    const graph = kit.pipeline({ n: "many(number)" }, [
      { ...sum, body: { inputs: { item: "number" }, steps: [step("sum", "kit.forgetful", "item")], output: "sum" } },
    ]);
    await expect(kit.run(graph, { n: [1] }, { checkpoints: memory().checkpoints })).rejects.toMatchObject({
      code: "SG_STATE_INVALID",
      message: 'Cannot store the state "" of step "each/sum": it is Map, which JSON cannot carry',
    });
  });

  it("are refused for a step that reads a stream without declaring what it remembers", async () => {
    const graph = kit.pipeline({ n: "many(number)" }, [step("fold", "numbers.fold", "n")]);
    await expect(kit.run(graph, { n: [1] }, { checkpoints: memory().checkpoints })).rejects.toMatchObject({
      code: "SG_RUN_CHECKPOINT_UNSUPPORTED",
      message: expect.stringContaining('"fold"'),
    });
  });

  it("are refused for streams that would begin anew, and where there is nothing to resume", async () => {
    const anew = kit.pipeline({ n: "many(number)", k: "number" }, [
      step("split", "numbers.split", "k"),
      { ...sum, over: "split" },
      { ...sum, id: "other" },
      {
        kind: "pipeline",
        id: "both",
        from: { a: "each", b: "other" },
        body: {
          inputs: { a: "many(number)", b: "many(number)" },
          steps: [
            step("x", "numbers.fold", "a"),
            step("y", "numbers.fold", "b"),
            step("z", "numbers.combine", { left: "x", right: "y" }),
          ],
          output: "z",
        },
      },
    ]);
    await expect(kit.run(anew, { n: [1], k: 2 }, { checkpoints: memory().checkpoints })).rejects.toMatchObject({
      code: "SG_RUN_CHECKPOINT_UNSUPPORTED",
      message: expect.stringContaining('"split"'),
    });
    const single = kit.pipeline({ n: "number" }, [step("add", "numbers.add", "n")]);
    await expect(kit.run(single, { n: 1 }, { checkpoints: memory().checkpoints })).rejects.toMatchObject({
      code: "SG_RUN_CHECKPOINT_UNSUPPORTED",
    });
  });

  it("carry what windows hold", async () => {
    const windowed = kit.pipeline({ r: "many(reading)" }, [
      { kind: "window", id: "window", over: "r", size: { seconds: 10 } },
    ]);
    const items = [1, 2, 11].map((timeSeconds) => ({
      timeSeconds,
      source: "a",
      value: 1,
    }));
    const first = memory();
    await kit.run(windowed, { r: items.slice(0, 2) }, { checkpoints: first.checkpoints });
    const { payload } = await kit.run(windowed, { r: items }, { checkpoints: memory(first.saved).checkpoints });
    expect((payload.value as { items: unknown[] }[])[0]?.items).toHaveLength(2);
  });
});

describe("state", () => {
  it("of one per stream has no keys", async () => {
    const graph = kit.pipeline({ n: "number" }, [step("keyed", "kit.keyed", "n")]);
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({
      code: "SG_STATE_INVALID",
      message: expect.stringContaining("camera 1"),
    });
  });
});
