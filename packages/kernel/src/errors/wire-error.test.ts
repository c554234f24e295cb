import { expect, test } from "vitest";
import { fail } from "./catalog.ts";
import { fromWireError, toWireError } from "./wire-error.ts";

const overTheWire = (error: unknown) => fromWireError(JSON.parse(JSON.stringify(toWireError(error))), 'model "m"');

test("an error of ours arrives with code, hint, flags, details and cause", () => {
  const error = fail("SG_COMPUTE_INPUT", "x is too long", {
    hint: "Make it shorter",
    details: { axis: 1 },
    cause: new RangeError("9 > 4"),
  });
  const { code, message, hint, title, status, retryable, public: isPublic, details } = error;
  const arrived = overTheWire(error);
  expect(arrived).toMatchObject({ code, message, hint, title, status, retryable, public: isPublic, details });
  expect(arrived.cause).toMatchObject({ code: "SG_RUN_FAILED", message: 'model "m" failed: 9 > 4' });
});

test("any other error becomes SG_RUN_FAILED of what was asked, with its stack", () => {
  const arrived = overTheWire(new TypeError("no such thing"));
  expect(arrived).toMatchObject({ code: "SG_RUN_FAILED", public: false, details: { name: "TypeError" } });
  expect(String(arrived.cause)).toContain("wire-error.test");
});

test("what is no error at all is put in words", () => {
  expect(overTheWire("nothing")).toMatchObject({ message: 'model "m" failed: nothing' });
});

test("a chain of causes that ends nowhere is cut", () => {
  const error = new TypeError("round and round");
  error.cause = error;
  let depth = 0;
  for (let wire = toWireError(error).cause; wire !== undefined; wire = wire.cause) depth++;
  expect(depth).toBe(8);
});
