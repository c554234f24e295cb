import { expect, test } from "vitest";
import { unannouncedPackages } from "./changeset.ts";

const packages = [
  { name: "@stargate/kernel", folder: "packages/kernel" },
  { name: "@stargate/adapter-ocr", folder: "packages/adapters/ocr" },
];
const announcing = (name: string) => `---\n"${name}": patch\n---\n\nReads more.\n`;

test("a changed package without a changeset is named", () => {
  const changedFiles = ["packages/adapters/ocr/src/a.ts", "packages/kernel/src/b.ts"];
  const changesets = [announcing("@stargate/kernel")];
  expect(unannouncedPackages({ packages, changedFiles, changesets })).toEqual(["@stargate/adapter-ocr"]);
});

test("a name in the text of a changeset announces nothing", () => {
  const changesets = [`---\n"@stargate/adapter-ocr": patch\n---\n\n"@stargate/kernel": mentioned only\n`];
  const changedFiles = ["packages/kernel/src/b.ts"];
  expect(unannouncedPackages({ packages, changedFiles, changesets })).toEqual(["@stargate/kernel"]);
});

test("tests, fixtures and files outside packages need no changeset", () => {
  const changedFiles = [
    "packages/kernel/src/b.test.ts",
    "packages/kernel/src/b.test-d.ts",
    "packages/adapters/ocr/fixtures/page.png",
    "docs/errors.md",
  ];
  expect(unannouncedPackages({ packages, changedFiles, changesets: [] })).toEqual([]);
});

test("before the first release every package must be announced", () => {
  expect(unannouncedPackages({ packages, changedFiles: "everything", changesets: [] })).toHaveLength(2);
});
