import { expect, test } from "vitest";
import { isOnPath, SYSTEM_TOOLS } from "./system-tools.mjs";

test("a program on the PATH is found, another is not", () => {
  expect(isOnPath("node")).toBe(true);
  expect(isOnPath("stargate-no-such-command")).toBe(false);
});

test("every tool says what it is for and where it comes from", () => {
  for (const tool of SYSTEM_TOOLS) {
    expect(tool.aptPackages.length, tool.command).toBeGreaterThan(0);
    expect(tool.neededFor, tool.command).not.toBe("");
    expect(tool.verbs, tool.command).not.toEqual([]);
  }
});
