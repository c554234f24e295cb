import { posix } from "node:path";
import type { PackageManifest } from "../../scripts/gates/packages.ts";

/** What a tarball holds, paths relative to the package. */
export interface Tarball {
  readonly manifest: PackageManifest;
  readonly files: readonly string[];
  /** Sources that each source map names, relative to the map. */
  readonly mapSources: Readonly<Record<string, readonly string[]>>;
}

const UNWANTED = /\.(test|test-d|fixture)\.|\/(fixtures|testing-support)\/|\.tsbuildinfo$|^test\/|node_modules/;

/** Everything about a tarball that would surprise whoever installs it. */
export function tarballObjections({ manifest, files, mapSources }: Tarball): string[] {
  const has = (path: string) => files.includes(posix.normalize(path));
  const missing = ["README.md", "LICENSE", ...targetsOf(manifest)].filter((path) => !has(path));
  const scripts = files.filter((file) => file.startsWith("dist/") && file.endsWith(".js"));
  const withoutTypes = scripts.filter((file) => !has(file.replace(/\.js$/, ".d.ts")));
  const withoutMap = scripts.filter((file) => !has(`${file}.map`));
  const lostSources = Object.entries(mapSources).flatMap(([map, sources]) =>
    sources
      .filter((source) => !has(posix.join(posix.dirname(map), source)))
      .map((source) => `${map} points to ${source}, which is not shipped`),
  );
  return [
    ...(scripts.length === 0 ? ["nothing is built"] : []),
    ...missing.map((path) => `${path} is missing`),
    ...files.filter((file) => UNWANTED.test(file)).map((file) => `${file} is of no use to a user`),
    ...withoutTypes.map((file) => `${file} has no types`),
    ...withoutMap.map((file) => `${file} has no source map`),
    ...lostSources,
  ];
}

function targetsOf({ exports = {}, bin = {} }: PackageManifest): string[] {
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  return [...targets, ...Object.values(bin)];
}
