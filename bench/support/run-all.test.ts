import { afterEach, expect, it } from "vitest";
import { result } from "./result.ts";
import { runAll } from "./run-all.ts";

const exitCodeBefore = process.exitCode;
afterEach(() => {
  process.exitCode = exitCodeBefore;
});

it("a part that fails leaves its rows out, is told, and fails the command", async () => {
  const notes: string[] = [];
  const results = await runAll(
    [
      async () => [result("first", 1, "x")],
      () => Promise.reject(new RangeError("no upstream")),
      async () => [result("third", 3, "x")],
    ],
    (message) => notes.push(message),
  );
  const { exitCode } = process;
  process.exitCode = exitCodeBefore;
  expect(results.map(({ name }) => name)).toEqual(["first", "third"]);
  expect(notes.join()).toMatch(/FAILED.*no upstream/);
  expect(exitCode).toBe(1);
});
