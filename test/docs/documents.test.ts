import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readJson } from "../../scripts/gates/read-json.ts";
import { STAGES } from "../../scripts/gates/stages.ts";
import { ROOT } from "../../scripts/setup/paths.mjs";
import { documentObjections, type Referable } from "./document-rules.ts";

const referable: Referable = {
  npmScripts: Object.keys(readJson<{ scripts: Record<string, string> }>(join(ROOT, "package.json")).scripts),
  stages: STAGES.map(({ name }) => name),
  exists: (path) => existsSync(join(ROOT, decodeURIComponent(path))),
};

describe("the rules of documents", () => {
  test.each([
    ["a script that is not there", "Run `npm run deploy`.", '"npm run deploy" is not a script of package.json'],
    ["a stage that is not there", "Run `npm test -- smoke`.", '"npm test -- smoke" names no stage'],
    ["a dead link", "See [the guide](docs/no-such-guide.md#part).", "the link to docs/no-such-guide.md leads nowhere"],
  ])("refuse %s", (_what, text, objection) => {
    expect(documentObjections({ path: "README.md", text }, referable)).toEqual([objection]);
  });

  test("accept what exists, seen from the folder of the document", () => {
    const text =
      "`npm start`, `npm test -- unit`, `npm test -- packages/kernel`, `npm install`, [back](../../LICENSE), [web](https://example.org)";
    expect(documentObjections({ path: "docs/adr/x.md", text }, referable)).toEqual([]);
  });
});

describe("what a document says exists", () => {
  const patterns = ["*.md", "docs/**/*.md", "packages/**/*.md", "examples/**/*.md", "templates/**/*.md"];
  const documents = globSync(patterns, { cwd: ROOT, exclude: ["**/node_modules/**", "**/dist/**"] }).map((path) =>
    path.replaceAll("\\", "/"),
  );

  test("is checked for every document", () => {
    expect(documents).toContain("README.md");
  });

  test.each(documents)("%s", (path) => {
    expect(documentObjections({ path, text: readFileSync(join(ROOT, path), "utf8") }, referable)).toEqual([]);
  });
});
