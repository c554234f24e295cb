import { expect, test } from "vitest";
import { takeTurns } from "./take-turns.ts";

test("candidates take turns; the first round warms up and is not counted", async () => {
  const order: string[] = [];
  let nowMs = 0;
  const turn = <Name extends string>(name: Name, lastsMs: readonly number[]) => {
    const left = [...lastsMs];
    return {
      name,
      run: async () => {
        order.push(name);
        nowMs += left.shift() ?? 0;
      },
    };
  };
  const times = await takeTurns([turn("a", [900, 3, 1, 5]), turn("b", [900, 10, 30, 20])], {
    rounds: 3,
    now: () => nowMs,
  });
  expect(order.join("")).toBe("abababab");
  expect(times).toEqual({ a: { medianMs: 3, bestMs: 1 }, b: { medianMs: 20, bestMs: 10 } });
});
