import { expect, test } from "vitest";
import { RaplCounter } from "./rapl-counter.ts";

const first = { path: "0", maxMicrojoules: 10_000_000 };
const second = { path: "1", maxMicrojoules: 10_000_000 };

test("packages are summed from the first reading on", () => {
  const counter = new RaplCounter();
  expect(
    counter.take([
      { zone: first, microjoules: 5_000_000 },
      { zone: second, microjoules: 0 },
    ]),
  ).toBe(0);
  expect(
    counter.take([
      { zone: first, microjoules: 6_500_000 },
      { zone: second, microjoules: 500_000 },
    ]),
  ).toBe(2);
});

test("a counter that has run over goes on from nought", () => {
  const counter = new RaplCounter();
  counter.take([{ zone: first, microjoules: 9_000_000 }]);
  expect(counter.take([{ zone: first, microjoules: 1_000_000 }])).toBe(2);
  expect(counter.take([{ zone: first, microjoules: 2_000_000 }])).toBe(3);
});
