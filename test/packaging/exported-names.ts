import { parseSync } from "oxc-parser";
import type { SourceFile } from "../architecture/source-file.ts";

/** Names that a module exports, types marked, sorted. The module must not use `export *`. */
export function exportedNames({ path, text }: SourceFile): string[] {
  const { module } = parseSync(path, text);
  return module.staticExports
    .flatMap(({ entries }) => entries)
    .map(
      ({ exportName, isType }) =>
        `${exportName.kind === "Default" ? "default" : (exportName.name ?? "*")}${isType ? " (type)" : ""}`,
    )
    .toSorted();
}
