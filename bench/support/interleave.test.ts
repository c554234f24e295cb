import { expect, it } from "vitest";
import { interleave } from "./interleave.ts";

it("times candidates in turn, two rounds of warm-up first, and gives each its median", async () => {
  const order: string[] = [];
  const candidate = (name: string) => ({ name, call: () => order.push(name) });
  const times = await interleave([candidate("a"), candidate("b")], { rounds: 2, callsPerRound: 3 });
  expect(order.join("")).toBe("aaabbb".repeat(4));
  expect([...times.keys()]).toEqual(["a", "b"]);
  expect([...times.values()].every((microseconds) => microseconds >= 0)).toBe(true);
});
