import { expect, test } from "vitest";
import { ItemCeiling } from "./item-ceiling.ts";

test("running out of memory halves what is tried", () => {
  const ceiling = new ItemCeiling();
  expect(ceiling.limit).toBe(Infinity);
  ceiling.ranOut(32);
  expect(ceiling.limit).toBe(16);
  ceiling.ranOut(16);
  ceiling.ranOut(8);
  ceiling.ranOut(1);
  expect(ceiling.limit).toBe(1);
});

test("it recovers slowly, by runs that come near it only", () => {
  const ceiling = new ItemCeiling();
  ceiling.ranOut(64);
  for (let run = 0; run < 100; run++) ceiling.fitted(10);
  expect(ceiling.limit).toBe(32);
  for (let run = 0; run < 16; run++) ceiling.fitted(30);
  expect(ceiling.limit).toBe(34);
});

test("it recovers more slowly every time it turned out to be right", () => {
  const ceiling = new ItemCeiling();
  ceiling.ranOut(64);
  ceiling.ranOut(50);
  expect(ceiling.limit).toBe(32);
  ceiling.ranOut(32);
  for (let run = 0; run < 31; run++) ceiling.fitted(16);
  expect(ceiling.limit).toBe(16);
  ceiling.fitted(16);
  expect(ceiling.limit).toBe(17);
});
