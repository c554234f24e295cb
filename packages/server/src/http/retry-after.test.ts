import { expect, test } from "vitest";
import { retryAfter } from "./retry-after.ts";

test.for([
  [{ status: 503, retryable: true }, "1"],
  [{ status: 503, retryable: true, details: { retryAfterSeconds: 7.2 } }, "8"],
  [{ status: 503, retryable: true, details: { retryAfterSeconds: 0 } }, "1"],
  [{ status: 503, retryable: true, details: { retryAfterSeconds: "soon" } }, "1"],
  [{ status: 429, retryable: true, details: { retryAfterSeconds: 30 } }, "30"],
  [{ status: 409, retryable: true, details: { retryAfterSeconds: 1 } }, "1"],
  [{ status: 503, retryable: false, details: { retryAfterSeconds: 7 } }, undefined],
  [{ status: 504, retryable: true }, undefined],
] as const)("%o is to be tried again after %s s", ([problem, seconds]) => {
  expect(retryAfter(problem)).toBe(seconds);
});
