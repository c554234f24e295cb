import { describe, expect, it } from "vitest";
import { createRunKit } from "../../testing/run-kit.ts";
import type { TimedItem } from "./event-time.ts";
import { JoinSet } from "./join-set.ts";
import { WindowSet } from "./window-set.ts";

const at = (timeSeconds: number | undefined, value: unknown = timeSeconds, key = ""): TimedItem => ({
  timeSeconds,
  value,
  key,
});

describe("windows by time", () => {
  it("hold [start, end) and close when the watermark reaches their end", () => {
    const windows = new WindowSet({ seconds: 10 }, 0);
    expect(windows.push(at(0))).toEqual([]);
    expect(windows.push(at(9.9))).toEqual([]);
    expect(windows.push(at(10))).toEqual([{ startSeconds: 0, endSeconds: 10, key: "", items: [0, 9.9] }]);
    expect(windows.flush()).toEqual([{ startSeconds: 10, endSeconds: 20, key: "", items: [10] }]);
  });

  it("wait for late items as long as they were told to, then drop and count them", () => {
    const windows = new WindowSet({ seconds: 10 }, 5);
    windows.push(at(1));
    expect(windows.push(at(14))).toEqual([]);
    expect(windows.push(at(8))).toEqual([]);
    expect(windows.push(at(15))).toEqual([{ startSeconds: 0, endSeconds: 10, key: "", items: [1, 8] }]);
    expect(windows.push(at(9))).toEqual([]);
    expect(windows.coverage()).toEqual({
      measure: "item",
      done: 4,
      of: 5,
      missing: [{ what: "1 item", reason: "late: their window had closed" }],
    });
  });

  it("overlap when they begin more often than they are long", () => {
    const windows = new WindowSet({ seconds: 10, everySeconds: 5 }, 0);
    windows.push(at(7));
    windows.push(at(12));
    expect(windows.flush()).toEqual([
      // the window from 0 to 10 had closed
      { startSeconds: 5, endSeconds: 15, key: "", items: [7, 12] },
      { startSeconds: 10, endSeconds: 20, key: "", items: [12] },
    ]);
  });

  it("leave gaps when they begin less often, and count what falls into them", () => {
    const windows = new WindowSet({ seconds: 2, everySeconds: 10 }, 0);
    windows.push(at(1));
    windows.push(at(5));
    expect(windows.coverage()).toMatchObject({
      done: 1,
      of: 2,
      missing: [{ reason: "between two windows" }],
    });
  });

  it("are kept apart by key, closed together, and given in order of end and key", () => {
    const windows = new WindowSet({ seconds: 10 }, 0);
    windows.push(at(3, "x", "b"));
    windows.push(at(4, "y", "a"));
    expect(windows.push(at(11, "z", "c")).map(({ key, items }) => [key, items])).toEqual([
      ["a", ["y"]],
      ["b", ["x"]],
    ]);
  });

  it("count items without event time as missing", () => {
    const windows = new WindowSet({ seconds: 10 }, 0);
    windows.push(at(undefined, "?"));
    expect(windows.flush()).toEqual([]);
    expect(windows.coverage()).toMatchObject({ done: 0, of: 1 });
  });

  it("begin before zero for items before the origin", () => {
    const windows = new WindowSet({ seconds: 10 }, 0);
    windows.push(at(-3));
    expect(windows.flush()).toEqual([{ startSeconds: -10, endSeconds: 0, key: "", items: [-3] }]);
  });
});

describe("windows by count", () => {
  it("close when they are full, per key; the rest comes at the end", () => {
    const windows = new WindowSet({ items: 2 }, 0);
    windows.push(at(5, 1, "a"));
    windows.push(at(1, 2, "b"));
    expect(windows.push(at(3, 3, "a"))).toEqual([{ startSeconds: 3, endSeconds: 5, key: "a", items: [1, 3] }]);
    expect(windows.flush()).toEqual([{ startSeconds: 1, endSeconds: 1, key: "b", items: [2] }]);
  });
});

describe("a temporal join", () => {
  it("gives every left item its partners once no further one can come", () => {
    const join = new JoinSet({ withinSeconds: 1 });
    expect(join.wants).toBe("left");
    join.push("left", at(10, "L"));
    expect(join.wants).toBe("right");
    for (const time of [8, 9, 10.5, 11]) join.push("right", at(time, `R${time}`));
    expect(join.take()).toBeUndefined();
    join.push("right", at(11.1, "R11.1"));
    expect(join.take()).toEqual({ timeSeconds: 10, key: "", left: "L", right: ["R9", "R10.5", "R11"] });
    expect(join.wants).toBe("left");
  });

  it("keeps a left item without partner, with an empty list, and counts it", () => {
    const join = new JoinSet({ withinSeconds: 1 });
    join.push("left", at(10, "L"));
    join.end("right");
    expect(join.take()).toMatchObject({ left: "L", right: [] });
    expect(join.coverage()).toEqual({
      measure: "item",
      done: 0,
      of: 1,
      missing: [{ what: "1 left item", reason: "no partner within 1 s" }],
    });
  });

  it("pairs only equal keys", () => {
    const join = new JoinSet({ withinSeconds: 5 });
    join.push("left", at(1, "L", "a"));
    join.push("right", at(1, "Ra", "a"));
    join.push("right", at(1, "Rb", "b"));
    join.end("right");
    expect(join.take()).toMatchObject({ key: "a", right: ["Ra"] });
  });

  it("drops late items on each side by that side's own clock, and counts them", () => {
    const join = new JoinSet({ withinSeconds: 100, lateSeconds: 2 });
    for (const time of [10, 8, 7.9]) join.push("left", at(time));
    for (const time of [50, 47]) join.push("right", at(time));
    expect(join.coverage().missing).toEqual([
      { what: "1 left item", reason: "late" },
      { what: "1 right item", reason: "late" },
    ]);
  });
});

describe("streams that are joined", () => {
  it("are read no further than the other one needs", async () => {
    const kit = createRunKit();
    const pulled: string[] = [];
    async function* readings(name: string, stepSeconds: number) {
      for (let index = 0; index < 1000; index++) {
        pulled.push(name);
        yield { timeSeconds: index * stepSeconds, source: name, value: index };
      }
    }
    const graph = kit.pipeline({ left: "many(reading)", right: "many(reading)" }, [
      { kind: "join", id: "join", left: "left", right: "right", withinSeconds: 1 },
    ]);
    const stream = kit.runner.stream({ graph, inputs: { left: readings("a", 100), right: readings("b", 1) } });
    const iterator = stream[Symbol.asyncIterator]();
    for (let index = 0; index < 3; index++) await iterator.next();
    await kit.clock.advance(0);
    await iterator.return?.();
    expect(pulled.filter((name) => name === "a").length).toBeLessThan(60);
    await expect(stream.receipt).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  });

  it("are counted in the receipt, as windows are", async () => {
    const kit = createRunKit();
    const item = (timeSeconds: number) => ({ timeSeconds, source: "a", value: 1 });
    const joined = kit.pipeline({ left: "many(reading)", right: "many(reading)" }, [
      { kind: "join", id: "join", left: "left", right: "right", withinSeconds: 1 },
    ]);
    const { receipt } = await kit.run(joined, { left: [item(0), item(10)], right: [item(0)] });
    expect(receipt.coverage).toEqual([
      { measure: "item", done: 1, of: 2, missing: [{ what: "1 left item", reason: "no partner within 1 s" }] },
    ]);
    const windowed = kit.pipeline({ over: "many(reading)" }, [
      { kind: "window", id: "window", over: "over", size: { seconds: 5 } },
    ]);
    const late = await kit.run(windowed, { over: [item(0), item(20), item(1)] });
    expect(late.receipt.coverage).toMatchObject([{ measure: "item", done: 2, of: 3 }]);
    await expect(
      kit.run(windowed, { over: [item(0), item(20), item(1)] }, { policy: { completeness: 0.9 } }),
    ).rejects.toMatchObject({ code: "SG_COVERAGE_TOO_LOW" });
  });
});
