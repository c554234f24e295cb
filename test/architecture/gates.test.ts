import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { copyWorkingTree } from "../support/working-copy.ts";

/** A violation planted into a copy of the repository, and what the gate has to say about it. */
interface Seed {
  readonly gate: string;
  readonly catches: string;
  readonly path: string;
  readonly text: string;
  readonly reports: RegExp;
}

const SOURCE = "packages/kernel/src/util/seeded.ts";
const TEST = "packages/kernel/src/util/seeded.test.ts";
const TYPE_TEST = "packages/kernel/src/util/seeded.test-d.ts";

const SEEDS: readonly Seed[] = [
  {
    gate: "format",
    catches: "a badly formatted file",
    path: SOURCE,
    text: "export   const a={b:1}\n",
    reports: /util\/seeded\.ts/,
  },
  {
    gate: "lint",
    catches: "a floating promise",
    path: SOURCE,
    text: "async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}\n",
    reports: /no-floating-promises[\s\S]*util\/seeded\.ts/,
  },
  {
    gate: "lint",
    catches: "a floating promise in a test",
    path: TEST,
    text: "async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}\n",
    reports: /no-floating-promises[\s\S]*util\/seeded\.test\.ts/,
  },
  {
    gate: "lint",
    catches: "a switch that forgets a case",
    path: SOURCE,
    text: 'export function f(a: "x" | "y"): number {\n  switch (a) {\n    case "x":\n      return 1;\n  }\n  return 0;\n}\n',
    reports: /switch-exhaustiveness-check[\s\S]*util\/seeded\.ts/,
  },
  {
    gate: "lint",
    catches: "an unused variable",
    path: SOURCE,
    text: "const forgotten = 1;\nexport const a = 2;\n",
    reports: /no-unused-vars[\s\S]*util\/seeded\.ts/,
  },
  {
    gate: "lint",
    catches: "an expectation inside a condition",
    path: TEST,
    text: 'import { expect, test } from "vitest";\ntest("x", () => {\n  if (Math.random() > 2) expect(1).toBe(2);\n});\n',
    reports: /no-conditional-expect[\s\S]*util\/seeded\.test\.ts/,
  },
  {
    gate: "types",
    catches: "a type error in a package",
    path: SOURCE,
    text: "export const a: string = 1;\n",
    reports: /util\/seeded\.ts.*TS2322/,
  },
  {
    gate: "types",
    catches: "a type error in a test",
    path: TEST,
    text: "export const a: string = 1;\n",
    reports: /util\/seeded\.test\.ts.*TS2322/,
  },
  {
    gate: "types",
    catches: "a wrong expectation of a type test",
    path: TYPE_TEST,
    text: 'import { expectTypeOf } from "vitest";\nexpectTypeOf<string>().toEqualTypeOf<number>();\n',
    reports: /util\/seeded\.test-d\.ts.*TS2344/,
  },
  {
    gate: "types",
    catches: "something accepted that a type test says is refused",
    path: TYPE_TEST,
    text: "// @ts-expect-error a number is no string\nexport const a: string = `1`;\n",
    reports: /util\/seeded\.test-d\.ts.*TS2578/,
  },
  {
    gate: "unused",
    catches: "an unused file",
    path: SOURCE,
    text: "export const a = 1;\n",
    reports: /Unused files[\s\S]*util\/seeded\.ts/,
  },
  {
    gate: "unused",
    catches: "an unused export",
    path: "test/architecture/location.ts",
    text: "export const SEEDED_EXPORT = 1;\n",
    reports: /Unused exports[\s\S]*SEEDED_EXPORT/,
  },
  {
    gate: "unused",
    catches: "a dependency that no package.json names",
    path: TEST,
    text: 'import "left-pad";\n',
    reports: /(Unlisted|Unresolved)[\s\S]*left-pad/,
  },
  {
    gate: "workspaces",
    catches: "two packages that ask for different versions",
    path: "packages/adapters/seeded/package.json",
    text: '{ "name": "@stargate/adapter-seeded", "version": "0.1.0", "type": "module", "dependencies": { "zod": "4.0.1" } }\n',
    reports: /zod[\s\S]*4\.0\.1/,
  },
  {
    gate: "changeset",
    catches: "a package without a changeset",
    path: "packages/adapters/seeded/package.json",
    text: '{ "name": "@stargate/adapter-seeded", "version": "0.1.0" }\n',
    reports: /without a changeset: @stargate\/adapter-seeded/,
  },
];

describe("every gate of npm test fails on", () => {
  const copy = copyWorkingTree();
  afterAll(() => copy[Symbol.dispose]());

  test.each(SEEDS)("$catches ($gate)", ({ gate, path, text, reports }) => {
    using _planted = plant(copy.folder, path, text);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/stargate.mjs", "test", gate], {
      cwd: copy.folder,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
    });
    const output = stdout + stderr;
    expect(output).toMatch(reports);
    expect(output).toMatch(/\n0 passed, 1 failed\n/);
    expect(status).toBe(1);
  });
});

/** Writes a file; disposing puts back what was there. */
function plant(folder: string, path: string, text: string): Disposable {
  const planted = join(folder, path);
  const before = existsSync(planted) ? readFileSync(planted) : undefined;
  mkdirSync(dirname(planted), { recursive: true });
  writeFileSync(planted, text);
  return {
    [Symbol.dispose]: () => {
      if (before !== undefined) writeFileSync(planted, before);
      // A folder with a package.json is a workspace: it goes as a whole.
      else rmSync(path.endsWith("package.json") ? dirname(planted) : planted, { recursive: true });
    },
  };
}
