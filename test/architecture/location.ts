import { isBuiltin } from "node:module";
import { posix } from "node:path";
import type { SourceFile } from "./source-file.ts";

/** Where a file lies in the repository. */
export interface Location {
  /** `kernel`, `server`, `adapters/ocr` ...; undefined outside packages. */
  readonly packageName: string | undefined;
  readonly isAdapter: boolean;
  /** Path below the package's `src`, undefined outside it. */
  readonly insideSource: string | undefined;
}

export function locate(path: string): Location {
  const match = /^packages\/(?<name>adapters\/[^/]+|[^/]+)\/(?<rest>.*)$/.exec(path);
  const packageName = match?.groups?.["name"];
  const rest = match?.groups?.["rest"];
  return {
    packageName,
    isAdapter: packageName?.startsWith("adapters/") ?? false,
    insideSource: rest?.startsWith("src/") ? rest.slice("src/".length) : undefined,
  };
}

/** A runtime test, a type test, or what only tests load (`x.fixture.ts`, `testing-support/`, the `test/` of a package). */
export function isTest(path: string): boolean {
  const isSupport = /^(packages\/(adapters\/)?[^/]+\/)?test\//.test(path) || path.includes("/testing-support/");
  return isSupport || /\.(test|test-d|fixture)\.ts$/.test(path);
}

/** Source that a package ships. */
export function isShipped({ path }: SourceFile): boolean {
  return locate(path).insideSource !== undefined && !isTest(path) && !path.includes("/fixtures/");
}

/** Package of a bare specifier (`pdfjs-dist/legacy/x.mjs` -> `pdfjs-dist`), undefined for files and Node's own. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("/") || specifier.startsWith("#") || isBuiltin(specifier))
    return undefined;
  const [scopeOrName = "", name = ""] = specifier.split("/");
  return scopeOrName.startsWith("@") ? `${scopeOrName}/${name}` : scopeOrName;
}

/** File that a relative specifier names, undefined for a bare one. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined;
}
