import { join } from "node:path";
import { expect, test } from "vitest";
import { readJson } from "../gates/read-json.ts";
import { ROOT } from "../setup/paths.mjs";
import { type Lockfile, missingOptionalPackages } from "./missing-optional-packages.ts";

test("a binary that the lockfile lacks is named with its version and platform", () => {
  const packages = {
    "node_modules/tool": {
      version: "1.2.3",
      dev: true,
      optionalDependencies: { "@tool/linux-x64": "1.2.3", "@tool/linux-arm64-musl": "1.2.3" },
    },
    "node_modules/@tool/linux-x64": { version: "1.2.3", integrity: "sha512-a" },
  };
  expect(missingOptionalPackages({ packages })).toEqual([
    {
      path: "node_modules/@tool/linux-arm64-musl",
      entry: { version: "1.2.3", dev: true, optional: true, os: ["linux"], cpu: ["arm64"], libc: ["musl"] },
    },
  ]);
});

test("another version of the same binary is placed beside its owner", () => {
  const packages = {
    "node_modules/tool": { version: "2.0.0", optionalDependencies: { "@tool/darwin-arm64": "2.0.0" } },
    "node_modules/knife": { version: "1.0.0" },
    "node_modules/knife/node_modules/tool": {
      version: "1.0.0",
      optionalDependencies: { "@tool/darwin-arm64": "1.0.0" },
    },
  };
  expect(missingOptionalPackages({ packages }).map(({ path, entry }) => [path, entry.version])).toEqual([
    ["node_modules/@tool/darwin-arm64", "2.0.0"],
    ["node_modules/knife/node_modules/@tool/darwin-arm64", "1.0.0"],
  ]);
});

test("the lockfile of this repository is complete", () => {
  const missing = missingOptionalPackages(readJson<Lockfile>(join(ROOT, "package-lock.json")));
  expect(
    missing.map(({ path }) => path),
    'run "npm run lockfile" after npm install',
  ).toEqual([]);
});
