import { type Comment, parseSync, type Program, Visitor, type VisitorObject } from "oxc-parser";

/** One module that a file depends on, however it is spelled. */
export interface ImportRecord {
  /** As written; undefined when it is computed at run time. */
  readonly specifier: string | undefined;
  readonly kind: "import" | "re-export" | "export-all" | "dynamic" | "type" | "require";
  readonly line: number;
}

/** One parsed file. Rules look at these only, so that they can be given files that do not exist. */
export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly imports: readonly ImportRecord[];
  readonly comments: readonly Comment[];
  readonly program: Program;
  /** Line of an offset, 1-based. */
  lineAt(offset: number): number;
  /** Walks the syntax tree. */
  visit(visitor: VisitorObject): void;
}

/** Parses one file; a file that cannot be parsed is an error, not a file without violations. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`Cannot parse ${path}: ${errors[0]?.message ?? "unknown reason"}`);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const visit = (visitor: VisitorObject) => new Visitor(visitor).visit(program);

  const imports: ImportRecord[] = [];
  for (const { moduleRequest, entries, start } of module.staticImports) {
    const isType = entries.length > 0 && entries.every((entry) => entry.isType);
    imports.push({ specifier: moduleRequest.value, kind: isType ? "type" : "import", line: lineAt(start) });
  }
  for (const { entries, start } of module.staticExports) {
    for (const { moduleRequest, importName } of entries) {
      if (moduleRequest === null) continue;
      const isWhole = importName.kind === "AllButDefault" || importName.kind === "All";
      imports.push({ specifier: moduleRequest.value, kind: isWhole ? "export-all" : "re-export", line: lineAt(start) });
    }
  }
  visit({
    ImportExpression({ source, start }) {
      imports.push({ specifier: literalText(source), kind: "dynamic", line: lineAt(start) });
    },
    TSImportType({ source, start }) {
      imports.push({ specifier: literalText(source), kind: "type", line: lineAt(start) });
    },
    CallExpression({ callee, arguments: [argument], start }) {
      if (callee.type !== "Identifier" || callee.name !== "require" || argument === undefined) return;
      imports.push({ specifier: literalText(argument), kind: "require", line: lineAt(start) });
    },
  });
  return { path, text, lineCount: text.split("\n").length, imports, comments, program, lineAt, visit };
}

function literalText(node: {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: unknown;
}): string | undefined {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type !== "TemplateLiteral" || !Array.isArray(node.quasis) || node.quasis.length !== 1) return undefined;
  // A template without placeholders is a plain string; `cooked` is its text (ESTree).
  const [quasi] = node.quasis as { readonly value: { readonly cooked: string | null } }[];
  return quasi?.value.cooked ?? undefined;
}
