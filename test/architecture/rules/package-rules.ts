import { isShipped, isTest, locate, packageOf, resolveRelative } from "../location.ts";
import { eachFile, type Rule, type Violation } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

const COMPOSITION_ROOT = "packages/server/src/composition-root.ts";
const KERNEL_ENTRIES = [
  "@stargate/kernel",
  "@stargate/kernel/backend",
  "@stargate/kernel/yaml",
  "@stargate/kernel/open-inference",
];
const KERNEL_TEST_ENTRY = "@stargate/kernel/testing";

const isAdapter = (file: SourceFile) => isShipped(file) && locate(file.path).isAdapter;

/** What a package may import of ours, and where the code should go otherwise. */
function objectionTo(file: SourceFile, specifier: string): string | undefined {
  const { packageName = "", isAdapter: fromAdapter } = locate(file.path);
  const target = packageOf(specifier) ?? "";
  if (!target.startsWith("@stargate/")) return undefined;
  if (packageName === "kernel")
    return `The kernel imports none of our packages; define an interface in contract/ and let ${target} implement it`;
  if (target === "@stargate/kernel") {
    const mayTest = packageName === "create-stargate-adapter";
    if (KERNEL_ENTRIES.includes(specifier) || (mayTest && specifier === KERNEL_TEST_ENTRY)) return undefined;
    return specifier === KERNEL_TEST_ENTRY
      ? "@stargate/kernel/testing is for tests; what shipped code needs belongs to the kernel's main entry"
      : `Only the kernel's public entry may be imported; export what you need from packages/kernel/src/index.ts`;
  }
  if (fromAdapter)
    return `Adapters do not know one another; what both need belongs to the kernel or to a package of its own, not to ${target}`;
  if (target.startsWith("@stargate/adapter-") && packageName !== "server")
    return `Only the server opens adapters, in ${COMPOSITION_ROOT}`;
  if (target.startsWith("@stargate/adapter-") && file.path !== COMPOSITION_ROOT)
    return `Adapters are imported in ${COMPOSITION_ROOT} only; pass what you need from there`;
  if (target === "@stargate/server")
    return "Nothing imports the server; what you need belongs to the kernel or compute";
  return undefined;
}

const direction: Rule = {
  name: "keeps the direction between packages",
  check: eachFile(isShipped, (file) =>
    file.imports.flatMap(({ specifier, line }) => {
      const message = specifier === undefined ? undefined : objectionTo(file, specifier);
      return message === undefined ? [] : [{ line, message }];
    }),
  ),
  seed: {
    files: {
      "packages/kernel/src/run/runner.ts": `import { pools } from "@stargate/compute";`,
      "packages/adapters/ocr/src/a.ts": `import { decode } from "@stargate/adapter-audio";\nimport type { Gate } from "@stargate/kernel";`,
      "packages/adapters/ocr/src/b.ts": `type R = import("@stargate/kernel/src/run/runner.ts").Runner;`,
      "packages/adapters/ocr/src/c.ts": `export { describeAdapter } from "@stargate/kernel/testing";`,
      "packages/compute/src/a.ts": `const ocr = await import("@stargate/adapter-ocr");\nimport "@stargate/server";`,
      "packages/server/src/app.ts": `import ocr from "@stargate/adapter-ocr";`,
      [COMPOSITION_ROOT]: `import ocr from "@stargate/adapter-ocr";\nimport { pools } from "@stargate/compute";`,
      "packages/adapters/ocr/src/a.test.ts": `import { describeAdapter } from "@stargate/kernel/testing";`,
    },
    violations: [
      "packages/kernel/src/run/runner.ts:1",
      "packages/adapters/ocr/src/a.ts:1",
      "packages/adapters/ocr/src/b.ts:1",
      "packages/adapters/ocr/src/c.ts:1",
      "packages/compute/src/a.ts:2",
      "packages/compute/src/a.ts:1",
      "packages/server/src/app.ts:1",
    ],
  },
};

const packagesAreClosed: Rule = {
  name: "reaches other packages by name, never by path",
  check: eachFile(
    ({ path }) => locate(path).packageName !== undefined,
    (file) =>
      file.imports.flatMap(({ specifier, line }) => {
        const target = specifier === undefined ? undefined : resolveRelative(file.path, specifier);
        if (target === undefined) return [];
        const isOwn = locate(target).packageName === locate(file.path).packageName;
        const isTestSupport = isTest(file.path) && /^(test\/support|scripts)\//.test(target);
        if (isOwn || isTestSupport) return [];
        return [
          {
            line,
            message: `"${specifier}" leaves the package; import the other package by its name, through its public entry`,
          },
        ];
      }),
  ),
  seed: {
    files: {
      "packages/adapters/ocr/src/a.ts": `import { fail } from "../../../kernel/src/errors/catalog.ts";\nimport "./b.ts";`,
      "packages/adapters/ocr/src/a.test.ts": `import "../../../../test/support/shared-files.ts";\nimport "../../audio/src/index.ts";`,
    },
    violations: ["packages/adapters/ocr/src/a.ts:1", "packages/adapters/ocr/src/a.test.ts:2"],
  },
};

/** Third-party packages of an adapter that are no engines: they compute nothing heavy and load at once. */
const NOT_ENGINES = ["zod"];

function engineImports(file: SourceFile): { engine: string; line: number }[] {
  return file.imports.flatMap(({ specifier, line }) => {
    const engine = specifier === undefined ? undefined : packageOf(specifier);
    if (engine === undefined || engine.startsWith("@stargate/") || NOT_ENGINES.includes(engine)) return [];
    return [{ engine, line }];
  });
}

const enginesAreNative: Rule = {
  name: "imports third-party engines in native/ folders only",
  check: eachFile(isAdapter, (file) =>
    locate(file.path).insideSource?.startsWith("native/")
      ? []
      : engineImports(file).map(({ engine, line }) => ({
          line,
          message: `"${engine}" is a third-party engine; import it in one file of this adapter's src/native/, lazily, which turns its failures into our codes`,
        })),
  ),
  seed: {
    files: {
      "packages/adapters/ocr/src/decode/pdf.ts": `import { z } from "zod";\nconst pdf = await import("pdfjs-dist/legacy/build/pdf.mjs");`,
      "packages/adapters/ocr/src/native/pdfjs.ts": `const pdf = await import("pdfjs-dist");`,
    },
    violations: ["packages/adapters/ocr/src/decode/pdf.ts:2"],
  },
};

const enginesAreImportedOnce: Rule = {
  name: "imports each engine in exactly one file of an adapter",
  check: (tree) => {
    const firstImport = new Map<string, string>();
    const violations: Violation[] = [];
    for (const file of tree.filter(isAdapter)) {
      for (const { engine, line } of engineImports(file)) {
        const key = `${locate(file.path).packageName ?? ""} ${engine}`;
        const first = firstImport.get(key) ?? file.path;
        firstImport.set(key, first);
        if (first === file.path) continue;
        violations.push({
          path: file.path,
          line,
          message: `"${engine}" is already imported in ${first}; export what you need from there`,
        });
      }
    }
    return violations;
  },
  seed: {
    files: {
      "packages/adapters/ocr/src/native/a.ts": `import sharp from "sharp";\nimport type { Sharp } from "sharp";`,
      "packages/adapters/ocr/src/native/b.ts": `import type { Sharp } from "sharp";`,
      "packages/adapters/video/src/native/b.ts": `import sharp from "sharp";`,
    },
    violations: ["packages/adapters/ocr/src/native/b.ts:1"],
  },
};

const adaptersUseTheContextsNetwork: Rule = {
  name: "lets adapters reach a network through ctx.fetch only",
  check: eachFile(isAdapter, (file) => {
    const lines: number[] = [];
    file.visit({
      CallExpression({ callee, start }) {
        const isGlobal = callee.type === "Identifier" && callee.name === "fetch";
        const isMember =
          callee.type === "MemberExpression" &&
          callee.object.type === "Identifier" &&
          callee.object.name === "globalThis" &&
          callee.property.type === "Identifier" &&
          callee.property.name === "fetch";
        if (isGlobal || isMember) lines.push(file.lineAt(start));
      },
    });
    return lines.map((line) => ({
      line,
      message: "Use ctx.fetch: it holds the operator's allow-list, SSRF guard, limits and cache",
    }));
  }),
  seed: {
    files: {
      "packages/adapters/ocr/src/a.ts": `await fetch("http://x");\nawait globalThis.fetch("http://x");\nawait ctx.fetch("http://x");`,
    },
    violations: ["packages/adapters/ocr/src/a.ts:1", "packages/adapters/ocr/src/a.ts:2"],
  },
};

const adaptersHaveShortIndexes: Rule = {
  name: "keeps the index of an adapter within 20 lines",
  check: eachFile(
    (file) => isAdapter(file) && locate(file.path).insideSource === "index.ts",
    ({ lineCount }) =>
      lineCount <= 21
        ? []
        : [
            {
              line: 21,
              message:
                "The index of an adapter exports it, its options and its types; move the rest to the file it is named after",
            },
          ],
  ),
  seed: {
    files: { "packages/adapters/ocr/src/index.ts": `export const a = 1;\n${"// more\n".repeat(21)}` },
    violations: ["packages/adapters/ocr/src/index.ts:21"],
  },
};

export const packageRules: readonly Rule[] = [
  direction,
  packagesAreClosed,
  enginesAreNative,
  enginesAreImportedOnce,
  adaptersUseTheContextsNetwork,
  adaptersHaveShortIndexes,
];
