import { isBuiltin } from "node:module";
import { isShipped, locate, packageOf, resolveRelative } from "../location.ts";
import { eachFile, type Rule } from "../rule.ts";
import type { SourceFile } from "../source-file.ts";

const ORDER =
  "contract <- errors <- define, modalities, registry, compute <- graph <- plan <- run <- container <- testing";

/** Folders of the kernel by level; a folder imports its own level and those before it. */
const LEVELS: readonly (readonly string[])[] = [
  ["contract"],
  ["errors"],
  ["define", "modalities", "registry", "compute"],
  ["graph"],
  ["plan"],
  ["run"],
  ["container"],
  ["testing"],
];

const isKernel = (file: SourceFile) => isShipped(file) && locate(file.path).packageName === "kernel";

/** First folder below the kernel's `src`; undefined for `index.ts` and outside the kernel. */
function folderOf(path: string): string | undefined {
  const { packageName, insideSource } = locate(path);
  return packageName === "kernel" && insideSource?.includes("/") ? insideSource.split("/")[0] : undefined;
}

const levelOf = (folder: string) => LEVELS.findIndex((folders) => folders.includes(folder));

const kernelLayers: Rule = {
  name: "keeps the layers of the kernel in order",
  check: eachFile(isKernel, (file) => {
    const from = folderOf(file.path);
    if (from === undefined) return [];
    if (from !== "util" && levelOf(from) < 0) {
      return [{ line: 1, message: `The kernel has no layer "${from}"; give it a place in ${ORDER}` }];
    }
    return file.imports.flatMap(({ specifier, line }) => {
      const target = specifier === undefined ? undefined : resolveRelative(file.path, specifier);
      if (target === undefined || target.includes("/util/")) return [];
      const to = folderOf(target) ?? "index.ts";
      if (from !== "util" && to !== "index.ts" && levelOf(to) <= levelOf(from)) return [];
      if (from === to) return [];
      const advice =
        from === "util"
          ? `util imports nothing of ours: move this file to "${to}"`
          : `move what both need down to "${from}" or below, or this file up to "${to}"`;
      return [{ line, message: `"${from}" imports from "${to}", against ${ORDER}; ${advice}` }];
    });
  }),
  seed: {
    files: {
      "packages/kernel/src/contract/payload.ts": `import { fail } from "../errors/catalog.ts";`,
      "packages/kernel/src/plan/planner.ts": `export { run } from "../run/runner.ts";\nimport "../graph/graph.ts";`,
      "packages/kernel/src/util/json.ts": `type P = import("../contract/payload.ts").Payload;`,
      "packages/kernel/src/run/runner.ts": `const gate = await import("../index.ts");`,
      "packages/kernel/src/helpers/x.ts": `export const x = 1;`,
      "packages/kernel/src/graph/fine.ts": `import "../registry/registry.ts";\nimport "../util/json.ts";`,
    },
    violations: [
      "packages/kernel/src/contract/payload.ts:1",
      "packages/kernel/src/plan/planner.ts:1",
      "packages/kernel/src/util/json.ts:1",
      "packages/kernel/src/run/runner.ts:1",
      "packages/kernel/src/helpers/x.ts:1",
    ],
  },
};

const kernelIsPortable: Rule = {
  name: "keeps Node out of the kernel",
  check: eachFile(
    (file) => isKernel(file) && folderOf(file.path) !== "testing",
    ({ imports }) =>
      imports
        .filter(({ specifier }) => specifier !== undefined && isBuiltin(specifier))
        .map(({ specifier, line }) => ({
          line,
          message: `The kernel also runs in browsers and workers, so it cannot import "${specifier}"; take it through the host (contract/host.ts) and implement it in the server`,
        })),
  ),
  seed: {
    files: {
      "packages/kernel/src/run/runner.ts": `import { join } from "node:path";\nimport fs from "fs";`,
      "packages/kernel/src/testing/fakes.ts": `import { readFile } from "node:fs/promises";`,
      "packages/kernel/src/run/runner.test.ts": `import { readFile } from "node:fs/promises";`,
    },
    violations: ["packages/kernel/src/run/runner.ts:1", "packages/kernel/src/run/runner.ts:2"],
  },
};

const CONTAINER_PACKAGES = ["tsyringe", "reflect-metadata"];

const containerOnly: Rule = {
  name: "keeps dependency injection in the kernel's container",
  check: eachFile(
    ({ path }) => folderOf(path) !== "container",
    ({ imports }) =>
      imports
        .filter(({ specifier }) => CONTAINER_PACKAGES.includes(packageOf(specifier ?? ".") ?? ""))
        .map(({ specifier, line }) => ({
          line,
          message: `Only packages/kernel/src/container imports "${specifier}"; take what you need as an argument, or register a factory there`,
        })),
  ),
  seed: {
    files: {
      "packages/adapters/ocr/src/ocr-adapter.ts": `import { container } from "tsyringe";`,
      "packages/kernel/src/run/runner.ts": `import "reflect-metadata/lite";`,
      "packages/kernel/src/container/container.ts": `import "reflect-metadata";\nimport { container } from "tsyringe";`,
    },
    violations: ["packages/adapters/ocr/src/ocr-adapter.ts:1", "packages/kernel/src/run/runner.ts:1"],
  },
};

const kernelSurface: Rule = {
  name: "keeps behaviour out of index files",
  check: eachFile(
    (file) => isShipped(file) && /^(index|testing\/index)\.ts$/.test(locate(file.path).insideSource ?? ""),
    (file) =>
      file.program.body
        .filter(
          ({ type }) => !["ExportNamedDeclaration", "ExportDefaultDeclaration", "ImportDeclaration"].includes(type),
        )
        .map(({ start }) => ({
          line: file.lineAt(start),
          message:
            "An index file is the public surface: named exports and nothing else; move this to a file named after it",
        })),
  ),
  seed: {
    files: { "packages/kernel/src/index.ts": `export { a } from "./a.ts";\nconsole.log("loaded");` },
    violations: ["packages/kernel/src/index.ts:2"],
  },
};

export const kernelRules: readonly Rule[] = [kernelLayers, kernelIsPortable, containerOnly, kernelSurface];
