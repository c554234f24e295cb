import { expect, test } from "vitest";
import { cancellationOf, throwIfCancelled } from "./cancellation.ts";
import { fail } from "./catalog.ts";

test("a reason of our own is handed on as it is", () => {
  const deadline = fail("SG_RUN_DEADLINE", "too late");
  expect(cancellationOf(AbortSignal.abort(deadline))).toBe(deadline);
});

test("any other reason is the cause of SG_RUN_CANCELLED", () => {
  const signal = AbortSignal.abort("went away");
  expect(() => throwIfCancelled(signal, "The run")).toThrow("The run was cancelled");
  expect(cancellationOf(signal)).toMatchObject({ code: "SG_RUN_CANCELLED", cause: "went away" });
});

test("nothing is thrown while nobody has given up", () => {
  expect(() => throwIfCancelled(new AbortController().signal)).not.toThrow();
});
