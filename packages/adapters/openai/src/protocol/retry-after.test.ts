import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 1);

test.for([
  [null, undefined],
  ["7", 7000],
  [" 0 ", 0],
  ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
  ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ["soon", undefined],
] as const)("Retry-After %s is %s ms", ([header, expected]) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
