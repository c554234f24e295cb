import { expect, test } from "vitest";
import { Arrivals } from "./arrivals.ts";

test("work that arrives steadily takes as many slots as it needs, from all that are less critical", () => {
  const arrivals = new Arrivals();
  for (let ms = 0; ms < 20_000; ms += 40) arrivals.add("normal", 20, ms);
  expect(arrivals.slotsTakenBefore("sheddable", 20_000)).toBeCloseTo(0.5, 1);
  expect(arrivals.slotsTakenBefore("normal", 20_000)).toBe(0);
  expect(arrivals.slotsTakenBefore("critical", 20_000)).toBe(0);
});

test("it is forgotten when it stops", () => {
  const arrivals = new Arrivals();
  for (let ms = 0; ms < 20_000; ms += 40) arrivals.add("critical", 20, ms);
  expect(arrivals.slotsTakenBefore("normal", 30_000)).toBeLessThan(0.01);
});
