import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type PackageManifest, type PublishedPackage, publishedPackages } from "../../scripts/gates/packages.ts";
import { readJson } from "../../scripts/gates/read-json.ts";
import { ROOT } from "../../scripts/setup/paths.mjs";
import { manifestObjections } from "./manifest-rules.ts";

const GOOD: PublishedPackage = {
  folder: "packages/adapters/ocr",
  manifest: {
    name: "@stargate/adapter-ocr",
    version: "0.1.0",
    license: "Apache-2.0",
    type: "module",
    engines: { node: ">=22.18" },
    files: ["dist"],
    exports: { ".": { "@stargate/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" } },
    publishConfig: { access: "public" },
    repository: { type: "git", url: "git+https://example.org/x.git", directory: "packages/adapters/ocr" },
    peerDependencies: { "@stargate/kernel": ">=0.1.0 <1" },
    devDependencies: { "@stargate/kernel": "*" },
  },
};

const change = (changes: Partial<PackageManifest>): PublishedPackage => ({
  ...GOOD,
  manifest: { ...GOOD.manifest, ...changes },
});

describe("the rules of package.json", () => {
  test("accept a good one", () => {
    expect(manifestObjections(GOOD)).toEqual([]);
  });

  test.each<[string, Partial<PackageManifest>, RegExp]>([
    ["another licence", { license: "MIT" }, /license/],
    ["CommonJS", { type: "commonjs" }, /type/],
    ["another Node floor", { engines: { node: ">=20" } }, /engines/],
    ["restricted access", { publishConfig: { access: "restricted" } }, /access/],
    ["a wrong repository folder", { repository: { type: "git", url: "x", directory: "packages/ocr" } }, /repository/],
    ["nothing built", { files: ["src"] }, /dist/],
    ["an open folder", { exports: { "./*": "./dist/*.js" } }, /whole folder/],
    ["an entry without types", { exports: { ".": "./dist/index.js" } }, /no types/],
    [
      "a default before the types",
      { exports: { ".": { default: "./dist/index.js", types: "./dist/index.d.ts" } } },
      /order/,
    ],
    ["a fixed kernel", { peerDependencies: { "@stargate/kernel": "^0.1.0" } }, /peer/],
    ["a kernel of its own", { dependencies: { "@stargate/kernel": "^0.1.0" } }, /each adapter/],
  ])("refuse %s", (_what, changes, objection) => {
    expect(manifestObjections(change(changes)).join("\n")).toMatch(objection);
  });

  const packages = publishedPackages();
  test("apply to every package", () => {
    expect(packages.map(({ manifest }) => manifest.name)).toContain("@stargate/kernel");
  });
  test.each(packages)("are kept by $manifest.name", (published) => {
    expect(manifestObjections(published)).toEqual([]);
  });
});

describe("the root", () => {
  test("runs no install script that nobody allowed or refused", () => {
    const { allowScripts } = readJson<{ allowScripts: Record<string, boolean> }>(join(ROOT, "package.json"));
    const lockfile = readJson<{ packages: Record<string, { hasInstallScript?: boolean }> }>(
      join(ROOT, "package-lock.json"),
    );
    const withScripts = Object.entries(lockfile.packages).filter(
      ([, { hasInstallScript }]) => hasInstallScript === true,
    );
    const names = withScripts.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
    expect(names.filter((name) => allowScripts[name] === undefined)).toEqual([]);
  });

  test("bumps adapters only when the kernel leaves their range", () => {
    const config = readJson<Record<string, unknown>>(join(ROOT, ".changeset", "config.json"));
    expect(config["___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH"]).toEqual({
      onlyUpdatePeerDependentsWhenOutOfRange: true,
    });
  });

  test("builds every package", () => {
    const { references } = readJson<{ references: { path: string }[] }>(join(ROOT, "tsconfig.build.json"));
    expect(references.map(({ path }) => path).toSorted()).toEqual(
      publishedPackages()
        .map(({ folder }) => folder)
        .toSorted(),
    );
  });
});
