import type { Node } from "oxc-parser";
import { eachFile, type Rule } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

const RUNNERS = ["it", "test", "describe", "suite", "bench"];

const isTestFile = ({ path }: SourceFile) => path.endsWith(".test.ts");

/** Name of the runner that a chain like `it.each(...)` or `describe.skip` starts with. */
function runnerOf(node: Node): string | undefined {
  if (node.type === "Identifier") return RUNNERS.includes(node.name) ? node.name : undefined;
  if (node.type === "MemberExpression") return runnerOf(node.object);
  if (node.type === "CallExpression") return runnerOf(node.callee);
  return undefined;
}

/** Reports members of a test runner: `it.only`, `describe.skip` ... */
function runnerMembers(file: SourceFile, names: readonly string[], message: string) {
  const lines: number[] = [];
  file.visit({
    MemberExpression({ object, property, start }) {
      if (property.type !== "Identifier" || !names.includes(property.name)) return;
      if (runnerOf(object) !== undefined) lines.push(file.lineAt(start));
    },
  });
  return lines.map((line) => ({ line, message }));
}

const focusedTests: Rule = {
  name: "focuses no test",
  check: eachFile(isTestFile, (file) =>
    runnerMembers(file, ["only"], "Remove .only: it silently drops every other test"),
  ),
  seed: {
    files: { "test/a.test.ts": `it.only("x", () => {});\ndescribe.each([1]).only("y", () => {});\nsettings.only = 1;` },
    violations: ["test/a.test.ts:1", "test/a.test.ts:2"],
  },
};

const skipsGiveReasons: Rule = {
  name: "gives a reason for every skip",
  check: eachFile(isTestFile, (file) => {
    const advice =
      'Skip inside the test, with the reason that is printed: test("...", (context) => { context.skip("why") })';
    const found = runnerMembers(file, ["skip", "skipIf", "runIf", "todo", "fails"], advice);
    file.visit({
      CallExpression({ callee, arguments: passed, start }) {
        if (
          callee.type !== "MemberExpression" ||
          callee.property.type !== "Identifier" ||
          callee.property.name !== "skip"
        )
          return;
        if (runnerOf(callee.object) !== undefined) return;
        const isContext = callee.object.type === "Identifier" && /^(context|ctx|task)$/.test(callee.object.name);
        const reason = passed.at(-1);
        const isReason =
          reason?.type === "TemplateLiteral" ||
          reason?.type === "Identifier" ||
          (reason?.type === "Literal" && typeof reason.value === "string");
        if (isContext && !isReason) found.push({ line: file.lineAt(start), message: advice });
      },
    });
    return found;
  }),
  seed: {
    files: {
      "test/a.test.ts": `it.skip("x", () => {});\nit.skipIf(windows)("y", () => {});\nit("z", (context) => { context.skip(); });\nit("ok", (context) => { context.skip(absent, "samples are absent"); });`,
    },
    violations: ["test/a.test.ts:1", "test/a.test.ts:2", "test/a.test.ts:3"],
  },
};

const emptyMatchers: Rule = {
  name: "asserts something",
  check: eachFile(isTestFile, (file) => {
    const lines: number[] = [];
    file.visit({
      CallExpression({ callee, arguments: [expected], start }) {
        if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
        if (callee.property.name !== "toMatchObject") return;
        if (expected?.type === "ObjectExpression" && expected.properties.length === 0) lines.push(file.lineAt(start));
      },
    });
    return lines.map((line) => ({ line, message: "toMatchObject({}) passes for null too; state what is expected" }));
  }),
  seed: {
    files: { "test/a.test.ts": `expect(null).toMatchObject({});\nexpect(a).toMatchObject({ b: 1 });` },
    violations: ["test/a.test.ts:1"],
  },
};

/** Tests that may wait for wall-clock time, with the reason. Keep it empty. */
const SLEEPERS: Readonly<Record<string, string>> = {};

const sleeps: Rule = {
  name: "never sleeps in a test",
  check: eachFile(
    (file) => isTestFile(file) && SLEEPERS[file.path] === undefined,
    (file) => {
      const message =
        "Wait for an event or use the fake clock: a sleep is too short on a busy machine and too long on every other";
      const found = file.imports
        .filter(({ specifier }) => specifier === "node:timers/promises" || specifier === "timers/promises")
        .map(({ line }) => ({ line, message }));
      let promiseDepth = 0;
      const isPromise = (callee: Node) => callee.type === "Identifier" && callee.name === "Promise";
      file.visit({
        NewExpression({ callee }) {
          if (isPromise(callee)) promiseDepth += 1;
        },
        "NewExpression:exit"({ callee }) {
          if (isPromise(callee)) promiseDepth -= 1;
        },
        CallExpression({ callee, start }) {
          const isTimer = callee.type === "Identifier" && callee.name === "setTimeout";
          if (isTimer && promiseDepth > 0) found.push({ line: file.lineAt(start), message });
        },
      });
      return found;
    },
  ),
  seed: {
    files: {
      "test/a.test.ts": `import { setTimeout as delay } from "node:timers/promises";\nawait new Promise((resolve) => setTimeout(resolve, 50));\nsetTimeout(() => controller.abort(), 5);`,
    },
    violations: ["test/a.test.ts:1", "test/a.test.ts:2"],
  },
};

const retries: Rule = {
  name: "hides no flaky test behind retries",
  check: eachFile(isTestFile, (file) => {
    const lines: number[] = [];
    file.visit({
      CallExpression({ callee, arguments: passed }) {
        if (runnerOf(callee) === undefined) return;
        for (const argument of passed) {
          if (argument.type !== "ObjectExpression") continue;
          for (const property of argument.properties) {
            if (property.type !== "Property" || property.key.type !== "Identifier") continue;
            if (property.key.name === "retry") lines.push(file.lineAt(property.start));
          }
        }
      },
    });
    return lines.map((line) => ({
      line,
      message: "Find out why the test is flaky; a retry hides the same failure in production",
    }));
  }),
  seed: {
    files: { "test/a.test.ts": `it("x", { retry: 3 }, () => {});\nconst policy = { retry: 3 };` },
    violations: ["test/a.test.ts:1"],
  },
};

/** Folders of the vitest projects (vitest.config.ts); `templates` is tested after it was copied out. */
const TESTED_FOLDERS = ["packages", "scripts", "bench", "test", "examples", "templates"];

const testsAreRun: Rule = {
  name: "runs every test file",
  check: eachFile(
    ({ path }) => /\.(test|spec)(-d)?\.[cm]?[jt]sx?$/.test(path),
    ({ path }) => {
      const isFound = TESTED_FOLDERS.includes(path.split("/")[0] ?? "") && /\.test(-d)?\.ts$/.test(path);
      return isFound
        ? []
        : [
            {
              line: 1,
              message: `No project of vitest.config.ts finds this file; name it *.test.ts, in ${TESTED_FOLDERS.join(", ")}`,
            },
          ];
    },
  ),
  seed: {
    files: { "packages/kernel/src/a.spec.ts": "", "tools/a.test.ts": "", "packages/kernel/src/a.test.ts": "" },
    violations: ["packages/kernel/src/a.spec.ts:1", "tools/a.test.ts:1"],
  },
};

export const testRules: readonly Rule[] = [focusedTests, skipsGiveReasons, emptyMatchers, sleeps, retries, testsAreRun];
