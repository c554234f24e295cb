import type { Node } from "oxc-parser";
import { isShipped, isTest, locate } from "../location.ts";
import { eachFile, type Rule } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

/** AggregateError is no bare error: it carries several causes into one of ours. */
const BARE_ERRORS = ["Error", "TypeError", "RangeError", "SyntaxError", "EvalError", "URIError"];

/** Deliberately broken adapters for the conformance suite throw what a careless author would throw. */
const DEFECTS = "packages/kernel/src/testing/defects/";

const bareErrors: Rule = {
  name: "makes no bare errors",
  check: eachFile(
    (file) => isShipped(file) && !file.path.startsWith(DEFECTS),
    (file) => {
      const found: { line: number; message: string }[] = [];
      const look = (node: { callee: Node; start: number }) => {
        if (node.callee.type !== "Identifier" || !BARE_ERRORS.includes(node.callee.name)) return;
        found.push({
          line: file.lineAt(node.start),
          message: `Every error has a code: add one to this package's catalogue and make it with the catalogue's fail(), not ${node.callee.name}`,
        });
      };
      file.visit({ NewExpression: look, CallExpression: look });
      return found;
    },
  ),
  seed: {
    files: {
      "packages/kernel/src/run/a.ts": `throw new TypeError("x");\nPromise.reject(Error("y"));\nconst ok = cause instanceof Error;`,
      "packages/kernel/src/run/a.test.ts": `throw new Error("x");`,
      [`${DEFECTS}throws-bare.ts`]: `throw new Error("x");`,
    },
    violations: ["packages/kernel/src/run/a.ts:1", "packages/kernel/src/run/a.ts:2"],
  },
};

const errorsAtImportTime: Rule = {
  name: "makes no error while a module loads",
  check: eachFile(isShipped, (file) => {
    const lines: number[] = [];
    let functionDepth = 0;
    const enter = () => (functionDepth += 1);
    const leave = () => (functionDepth -= 1);
    const look = ({ callee, start }: { callee: Node; start: number }) => {
      if (functionDepth > 0 || callee.type !== "Identifier") return;
      if (callee.name === "fail" || callee.name.endsWith("Error")) lines.push(file.lineAt(start));
    };
    file.visit({
      FunctionDeclaration: enter,
      "FunctionDeclaration:exit": leave,
      FunctionExpression: enter,
      "FunctionExpression:exit": leave,
      ArrowFunctionExpression: enter,
      "ArrowFunctionExpression:exit": leave,
      NewExpression: look,
      CallExpression: look,
    });
    return lines.map((line) => ({
      line,
      message: "An error made at import time carries the wrong stack; make it where it is thrown",
    }));
  }),
  seed: {
    files: {
      "packages/kernel/src/run/a.ts": `const ABORTED = fail("SG_RUN_CANCELLED", "gone");\nclass A { static e = new StargateError({}); }\nconst f = () => fail("SG_X", "");`,
    },
    violations: ["packages/kernel/src/run/a.ts:1", "packages/kernel/src/run/a.ts:2"],
  },
};

const exportAll: Rule = {
  name: "exports by name",
  check: eachFile(isShipped, ({ imports }) =>
    imports
      .filter(({ kind }) => kind === "export-all")
      .map(({ specifier, line }) => ({
        line,
        message: `Name what is exported from "${specifier}": export * makes the public surface grow by accident`,
      })),
  ),
  seed: {
    files: {
      "packages/kernel/src/index.ts": `export * from "./a.ts";\nexport * as b from "./b.ts";\nexport { c } from "./c.ts";`,
    },
    violations: ["packages/kernel/src/index.ts:1", "packages/kernel/src/index.ts:2"],
  },
};

const MAX_LINES = 500;
/** Tables and generated files are exempt and say so in their first comment. */
const LENGTH_EXEMPTION = /@(generated|table)\b/;

const fileLength: Rule = {
  name: "keeps files within 500 lines",
  check: eachFile(
    ({ lineCount, comments }) => lineCount > MAX_LINES && !LENGTH_EXEMPTION.test(comments[0]?.value ?? ""),
    ({ lineCount }) => [
      {
        line: MAX_LINES,
        message: `${lineCount} lines: split it by idea, or mark a table or generated file with @table or @generated in its first comment`,
      },
    ],
  ),
  seed: {
    files: {
      "packages/kernel/src/run/long.ts": "\n".repeat(600),
      "packages/kernel/src/run/table.ts": `// @table of code points\n${"\n".repeat(600)}`,
    },
    violations: ["packages/kernel/src/run/long.ts:500"],
  },
};

const UNFINISHED = /\b(TODO|FIXME|XXX|HACK)\b/;

const unfinishedWork: Rule = {
  name: "leaves no notes of unfinished work",
  check: eachFile(
    () => true,
    (file) =>
      file.comments
        .filter(({ value }) => UNFINISHED.test(value))
        .map(({ start }) => ({ line: file.lineAt(start), message: "Do it, or open an issue; a comment is forgotten" })),
  ),
  seed: {
    files: { "packages/kernel/src/a.ts": `const word = "${"TO"}DO";\n// ${"TO"}DO: later\n/** ${"FIX"}ME */` },
    violations: ["packages/kernel/src/a.ts:2", "packages/kernel/src/a.ts:3"],
  },
};

const COMPILER_OFF = /@ts-(ignore|nocheck)\b/;

const typesAreChecked: Rule = {
  name: "never turns the type checker off",
  check: eachFile(
    () => true,
    (file) => {
      const comments = file.comments
        .filter(({ value }) => COMPILER_OFF.test(value))
        .map(({ start }) => ({
          line: file.lineAt(start),
          message: "Fix the type, or state the expected error: @ts-expect-error with a description",
        }));
      const lines: number[] = [];
      file.visit({ TSAnyKeyword: ({ start }) => void lines.push(file.lineAt(start)) });
      const anys = lines.map((line) => ({
        line,
        message: "any switches checks off without a trace; use unknown and a zod parse, or the type itself",
      }));
      return [...comments, ...anys];
    },
  ),
  seed: {
    files: {
      "packages/kernel/src/a.ts": `const a = b as any;\n// ${"@ts"}-ignore\nfunction f(x: any): void {}\nconst any = 1;`,
    },
    violations: ["packages/kernel/src/a.ts:2", "packages/kernel/src/a.ts:1", "packages/kernel/src/a.ts:3"],
  },
};

/** Ends in a way that only the sources have. */
const SOURCE_ENDING = /\.ts$/;

const modulesByUrl: Rule = {
  name: "names modules so that the built package finds them too",
  check: eachFile(isShipped, (file) => {
    const lines: number[] = [];
    file.visit({
      NewExpression({ callee, arguments: [target], start }) {
        if (callee.type !== "Identifier" || callee.name !== "URL") return;
        if (target?.type === "Literal" && typeof target.value === "string" && SOURCE_ENDING.test(target.value))
          lines.push(file.lineAt(start));
      },
      CallExpression({ callee, arguments: [target], start }) {
        if (callee.type !== "MemberExpression" || callee.object.type !== "MetaProperty") return;
        if (target?.type === "Literal" && typeof target.value === "string" && SOURCE_ENDING.test(target.value))
          lines.push(file.lineAt(start));
      },
    });
    const message =
      "The compiler rewrites imports only, so this URL ends in .ts in the published package as well; take the ending from import.meta.url";
    return lines.map((line) => ({ line, message }));
  }),
  seed: {
    files: {
      "packages/server/src/host/pool.ts": `new URL("./worker.ts", import.meta.url);\nimport.meta.resolve("./worker.ts");\nnew URL("./page.html", import.meta.url);`,
      "packages/server/src/host/pool.test.ts": `new URL("./worker.ts", import.meta.url);`,
    },
    violations: ["packages/server/src/host/pool.ts:1", "packages/server/src/host/pool.ts:2"],
  },
};

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|mjs)$/;

const fileNames: Rule = {
  name: "names files in kebab-case",
  check: eachFile(
    (file: SourceFile) =>
      (locate(file.path).insideSource !== undefined || isTest(file.path)) && !file.path.includes("/fixtures/"),
    ({ path }) =>
      KEBAB_CASE.test(path.split("/").at(-1) ?? "")
        ? []
        : [{ line: 1, message: "Name the file in kebab-case after its main export" }],
  ),
  seed: {
    files: { "packages/kernel/src/run/runStep.ts": "", "packages/kernel/src/run/run-step.integration.test.ts": "" },
    violations: ["packages/kernel/src/run/runStep.ts:1"],
  },
};

export const sourceRules: readonly Rule[] = [
  bareErrors,
  errorsAtImportTime,
  exportAll,
  fileLength,
  unfinishedWork,
  typesAreChecked,
  modulesByUrl,
  fileNames,
];
