import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage, type PublishedPackage, publishedPackages } from "../../scripts/gates/packages.ts";
import { readJson } from "../../scripts/gates/read-json.ts";
import { buildPackages } from "../../scripts/gates/tools.ts";
import { ROOT } from "../../scripts/setup/paths.mjs";
import { type Tarball, tarballObjections } from "./tarball-rules.ts";

const GOOD: Tarball = {
  manifest: {
    name: "@stargate/kernel",
    version: "0.1.0",
    exports: { ".": { "@stargate/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" } },
  },
  files: [
    "LICENSE",
    "README.md",
    "package.json",
    "src/index.ts",
    "dist/index.js",
    "dist/index.js.map",
    "dist/index.d.ts",
  ],
  mapSources: { "dist/index.js.map": ["../src/index.ts"] },
};
const plus = (file: string): Tarball => ({ ...GOOD, files: [...GOOD.files, file] });
const minus = (file: string): Tarball => ({ ...GOOD, files: GOOD.files.filter((other) => other !== file) });

describe("the rules of tarballs", () => {
  test("accept a good one", () => {
    expect(tarballObjections(GOOD)).toEqual([]);
  });

  test.each<[string, Tarball, string]>([
    ["no licence", minus("LICENSE"), "LICENSE is missing"],
    ["no README", minus("README.md"), "README.md is missing"],
    ["an export that is not there", minus("dist/index.d.ts"), "./dist/index.d.ts is missing"],
    ["no source map", minus("dist/index.js.map"), "dist/index.js has no source map"],
    [
      "a map to a source that is not shipped",
      minus("src/index.ts"),
      "dist/index.js.map points to ../src/index.ts, which is not shipped",
    ],
    ["a test", plus("src/run/runner.test.ts"), "src/run/runner.test.ts is of no use to a user"],
    ["a fixture", plus("src/fixtures/page.png"), "src/fixtures/page.png is of no use to a user"],
    ["build state", plus("tsconfig.tsbuildinfo"), "tsconfig.tsbuildinfo is of no use to a user"],
    ["nothing built", { ...GOOD, files: ["LICENSE", "README.md"] }, "nothing is built"],
  ])("refuse %s", (_what, tarball, objection) => {
    expect(tarballObjections(tarball)).toContain(objection);
  });
});

describe("the tarball of", () => {
  test("every package is built from source first", async () => {
    expect(await buildPackages()).toBe(0);
  });

  test.each(publishedPackages())("$manifest.name holds what a user needs and nothing else", (published) => {
    expect(tarballObjections(readTarball(published))).toEqual([]);
  });

  test.each(publishedPackages())("$manifest.name carries the licence of the repository", ({ folder }) => {
    expect(readFileSync(join(ROOT, folder, "LICENSE"), "utf8")).toBe(readFileSync(join(ROOT, "LICENSE"), "utf8"));
  });
});

function readTarball({ folder, manifest }: PublishedPackage): Tarball {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"], {
    cwd: join(ROOT, folder),
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  // npm's documented output of `pack --json`: one entry per packed package.
  const [packed] = JSON.parse(output) as { files: { path: string }[] }[];
  const files = (packed?.files ?? []).map(({ path }) => path);
  const maps = files.filter((file) => file.endsWith(".map"));
  const sourcesOf = (map: string) => readJson<{ sources: string[] }>(join(ROOT, folder, map)).sources;
  return { manifest, files, mapSources: Object.fromEntries(maps.map((map) => [map, sourcesOf(map)])) };
}

describe("the gate on tarballs", () => {
  const folder = mkdtempSync(join(tmpdir(), "stargate-tarball-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const manifest = {
    name: "@stargate/seeded",
    version: "0.1.0",
    type: "module",
    license: "Apache-2.0",
    files: ["dist"],
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  };
  const files = {
    "package.json": JSON.stringify(manifest),
    "dist/index.js": "export const a = 1;\n",
    "dist/index.d.ts": "export declare const a: number;\n",
  };
  const missingFile = { ".": { types: "./dist/index.d.ts", default: "./dist/gone.js" } };
  const wrongOrder = { ".": { default: "./dist/index.js", types: "./dist/index.d.ts" } };

  test.each<[string, Record<string, string>, number, RegExp]>([
    ["accepts a good package", files, 0, /node16 \(from ESM\): 🟢/],
    [
      "refuses an exports map that names a missing file",
      { ...files, "package.json": JSON.stringify({ ...manifest, exports: missingFile }) },
      1,
      /gone\.js/,
    ],
    [
      "refuses an exports map whose types come too late",
      { ...files, "package.json": JSON.stringify({ ...manifest, exports: wrongOrder }) },
      1,
      /types/,
    ],
    [
      "refuses types that Node cannot follow",
      { ...files, "dist/index.d.ts": 'export { a } from "./a";\n', "dist/a.d.ts": "export declare const a: number;\n" },
      1,
      /Internal resolution error/i,
    ],
  ])("%s", (what, seeded, exitCode, output) => {
    const packageFolder = join(folder, what.replaceAll(" ", "-"));
    mkdirSync(join(packageFolder, "dist"), { recursive: true });
    for (const [file, text] of Object.entries(seeded)) writeFileSync(join(packageFolder, file), text);
    const tarball = packPackage(packageFolder, folder);
    const gate = JSON.stringify(join(ROOT, "scripts", "gates", "packages.ts"));
    const script = `import(${gate}).then((m) => m.checkTarball(${JSON.stringify(tarball)})).then((code) => process.exit(code))`;
    const result = spawnSync(process.execPath, ["-e", script], {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(result.stdout + result.stderr).toMatch(output);
    expect(result.status).toBe(exitCode);
  });
});
