import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { publishedPackages } from "../../scripts/gates/packages.ts";
import { ROOT } from "../../scripts/setup/paths.mjs";
import { parseSource } from "../architecture/source-file.ts";
import { exportedNames } from "./exported-names.ts";

/** Every entry of every package with the source file behind it. */
const ENTRIES = publishedPackages().flatMap(({ folder, manifest }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) => {
    const source = typeof target === "string" ? undefined : target["@stargate/source"];
    if (source === undefined) return [];
    return [
      { entry: entry === "." ? manifest.name : `${manifest.name}${entry.slice(1)}`, source: join(folder, source) },
    ];
  }),
);

describe("exported names are read", () => {
  test("with their kind, sorted", () => {
    const source = parseSource(
      "index.ts",
      `export { b, type A } from "./a.ts";\nexport type { C } from "./c.ts";\nexport { d as default } from "./d.ts";`,
    );
    expect(exportedNames(source)).toEqual(["A (type)", "C (type)", "b", "default"]);
  });
});

describe("the public surface of", () => {
  test.each(ENTRIES)(
    "$entry is the one agreed on (npm test -- test/packaging/surface -u accepts a change)",
    async ({ entry, source }) => {
      const names = exportedNames(parseSource(source, readFileSync(join(ROOT, source), "utf8")));
      expect(names.length).toBeGreaterThan(0);
      await expect(`${names.join("\n")}\n`).toMatchFileSnapshot(
        `surface/${entry.replace("@", "").replaceAll("/", "-")}.txt`,
      );
    },
  );
});
