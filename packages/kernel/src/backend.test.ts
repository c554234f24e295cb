import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parseSync } from "oxc-parser";

/** Modules that a module loads at run time, its own included; type imports are erased. */
function loadedBy(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.endsWith(".ts")) return seen;
  const { module } = parseSync(path, readFileSync(path, "utf8"));
  const specifiers = [
    ...module.staticImports.filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType)),
    ...module.staticExports
      .flatMap(({ entries }) => entries)
      .filter(({ isType }) => !isType)
      .flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [{ moduleRequest }])),
  ].map(({ moduleRequest }) => moduleRequest.value);
  for (const specifier of specifiers)
    loadedBy(specifier.startsWith(".") ? join(dirname(path), specifier) : specifier, seen);
  return seen;
}

test("what a model host needs of the kernel is a few files and no dependency", () => {
  const loaded = [...loadedBy(join(import.meta.dirname, "backend.ts"))];
  expect(loaded.filter((path) => !path.endsWith(".ts"))).toEqual([]);
  expect(loaded.length).toBeLessThanOrEqual(16);
  // The same walk sees what the main entry loads.
  expect([...loadedBy(join(import.meta.dirname, "index.ts"))]).toEqual(expect.arrayContaining(["zod", "tsyringe"]));
});
