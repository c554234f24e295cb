import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { publishedPackages } from "../gates/packages.ts";
import { ROOT } from "../setup/paths.mjs";
import type { DocumentedError, PackageErrors } from "./errors-page.ts";

/** Catalogues are declared with this, so that a new one is found without being listed anywhere. */
const DECLARATION = /satisfies ErrorCatalog\b/;

/** Loads every error catalogue of every package. */
export async function findErrorCatalogs(): Promise<PackageErrors[]> {
  const found: PackageErrors[] = [];
  for (const { folder, manifest } of publishedPackages()) {
    const entries = await entriesOf(join(ROOT, folder, "src"));
    if (Object.keys(entries).length > 0) found.push({ packageName: manifest.name, entries });
  }
  return found;
}

async function entriesOf(sourceFolder: string): Promise<Record<string, DocumentedError>> {
  const files = globSync("**/*.ts", { cwd: sourceFolder, exclude: ["**/*.test.ts"] }).toSorted();
  let entries: Record<string, DocumentedError> = {};
  for (const file of files) {
    const path = join(sourceFolder, file);
    if (!DECLARATION.test(readFileSync(path, "utf8"))) continue;
    const exported: Record<string, unknown> = await import(/* @vite-ignore */ pathToFileURL(path).href);
    for (const value of Object.values(exported)) if (isCatalog(value)) entries = { ...entries, ...value };
  }
  return entries;
}

function isCatalog(value: unknown): value is Record<string, DocumentedError> {
  if (typeof value !== "object" || value === null) return false;
  const codes = Object.keys(value);
  return codes.length > 0 && codes.every((code) => code.startsWith("SG_"));
}
