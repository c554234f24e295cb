import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { arm, request } from "../arms.fixture.ts";
import { createRouter } from "../create-router.ts";

function idsKept(decisions: number, arms: number, recordedDecisions: number): number {
  const router = createRouter({ clock: createFakeClock(), random: () => 0.5, recordedDecisions });
  const many = Array.from({ length: arms }, (_, index) => arm(`pool-${index}`));
  const ids = Array.from({ length: decisions }, () => router.decide(request, many).id);
  const kept = ids.filter((id) => router.record(id) !== undefined);
  expect(kept).toEqual(ids.slice(ids.length - kept.length));
  return kept.length;
}

test("as many decisions are kept as asked for, the last ones", () => {
  expect(idsKept(30, 2, 10)).toBe(10);
  expect(idsKept(30, 2, 0)).toBe(0);
});

test("fewer are kept when each has many arms", () => {
  expect(idsKept(120, 500, 2000)).toBe(100);
});
