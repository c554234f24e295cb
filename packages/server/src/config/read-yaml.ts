import { LineCounter, parseDocument, type Document, type Node } from "yaml";
import { fail } from "../errors/server-errors.ts";

/** Where a field stands in the file: "line 7, column 3". */
export type Locate = (path: readonly (string | number)[]) => string | undefined;

/** A YAML value and where its fields stand in the text. An empty file is an empty configuration. Throws SG_CONFIG_UNREADABLE. */
export function readYaml(text: string, file: string): { readonly value: unknown; readonly locate: Locate } {
  const lines = new LineCounter();
  // maxAliasCount and no custom tags: an operator's file still should not be able to blow up.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    customTags: [],
  });
  const [first] = document.errors;
  if (first !== undefined) {
    const { line, col } = lines.linePos(first.pos[0]);
    throw fail("SG_CONFIG_UNREADABLE", `${file}:${line}:${col}: ${first.message}`, { cause: first });
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return { value: value ?? {}, locate: (path) => placeOf(document, lines, path) };
}

/** The deepest field of the path that is in the text: a missing field is shown at its parent. */
function placeOf(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly (string | number)[],
): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined; // `true` asks for the node, not its value
    if (node?.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return `line ${line}, column ${col}`;
    }
  }
  return undefined;
}
