import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/setup/paths.mjs";
import type { Violation } from "./rule.ts";
import { kernelRules } from "./rules/kernel-rules.ts";
import { packageRules } from "./rules/package-rules.ts";
import { sourceRules } from "./rules/source-rules.ts";
import { testRules } from "./rules/test-rules.ts";
import { parseSource } from "./source-file.ts";
import { readSourceTree } from "./source-tree.ts";

const RULES = [...kernelRules, ...packageRules, ...sourceRules, ...testRules];
const tree = readSourceTree(ROOT);

const printed = (violations: readonly Violation[]) =>
  violations.map(({ path, line, message }) => `${path}:${line} ${message}`).join("\n");

describe("the source tree", () => {
  test("holds the sources of every package, tests and scripts", () => {
    const paths = tree.map(({ path }) => path);
    expect(paths).toContain("packages/kernel/src/index.ts");
    expect(paths).toContain("test/architecture/architecture.test.ts");
    expect(paths).toContain("scripts/stargate.mjs");
    expect(tree.flatMap(({ imports }) => imports).length).toBeGreaterThan(tree.length);
  });
});

describe.each(RULES)("this repository $name", ({ check, seed }) => {
  test("and a seeded violation is caught", () => {
    const seeded = Object.entries(seed.files).map(([path, text]) => parseSource(path, text));
    expect(check(seeded).map(({ path, line }) => `${path}:${line}`)).toEqual(seed.violations);
  });

  test("everywhere", () => {
    expect(printed(check(tree))).toBe("");
  });
});
