import { isAlias, isMap, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from "yaml";
import { fail } from "../../errors/catalog.ts";
import type { SchemaProblem } from "../../util/schema-problems.ts";
import { formatPath } from "../../util/schema-problems.ts";

const maxCharacters = 262_144;
/** Aliases are a convenience; nested ones grow exponentially, which is what an attack looks like. */
const maxAliases = 100;

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A YAML text as data, with the way back from data to text. */
export interface YamlText {
  readonly value: unknown;
  /** Position of the value at a path, of `key` in it, or of the nearest thing around that is there. */
  locate(path: readonly (string | number)[], key?: string): Position;
  /** Throws SG_GRAPH_INVALID: "desk.yaml:3:5: steps[0]: unknown field 'form' (did you mean 'from'?)". */
  refuse(problems: readonly SchemaProblem[]): never;
}

/** Parses YAML 1.2 (and so JSON). Throws SG_GRAPH_INVALID for syntax, size, duplicate keys and alias bombs. */
export function readYaml(text: string, source: string): YamlText {
  if (text.length > maxCharacters)
    throw fail("SG_GRAPH_INVALID", `${source} has ${text.length} characters, more than ${maxCharacters}`, {
      hint: "Split it into several pipelines.",
    });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined)
    throw located(
      source,
      positionOf(lines, problem.pos[0]),
      problem.code === "RESOURCE_EXHAUSTION" ? "nested too deeply" : problem.message,
    );
  const locate: YamlText["locate"] = (path, key) => positionOf(lines, offsetOf(document, path, key));
  return {
    value: toData(document, source),
    locate,
    refuse(problems) {
      const texts = problems.slice(0, 3).map(({ path, key, message }) => {
        const { line, column } = locate(path, key);
        return `${source}:${line}:${column}: ${path.length === 0 ? "" : `${formatPath(path)}: `}${message}`;
      });
      const more = problems.length > 3 ? `; and ${problems.length - 3} more` : "";
      throw fail("SG_GRAPH_INVALID", texts.join("; ") + more, {
        details: { problems: problems.map(({ path, key, message }) => ({ ...locate(path, key), path, message })) },
      });
    },
  };
}

/** An error at a place of a source text. */
function located(source: string, { line, column }: Position, message: string): Error {
  return fail("SG_GRAPH_INVALID", `${source}:${line}:${column}: ${message}`, {
    hint: "Correct the YAML at this place.",
    details: { line, column },
  });
}

function toData(document: Document.Parsed, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases }) as unknown; // the library types it as any
  } catch (cause) {
    throw fail("SG_GRAPH_INVALID", `${source} repeats itself by aliases beyond all measure`, {
      hint: "Write the repeated parts out, or split the file.",
      cause,
    });
  }
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(document: Document.Parsed, path: readonly (string | number)[], key: string | undefined): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of key === undefined ? path : [...path, key]) {
    const target = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(target) ? target.items.find((item) => keyOf(item) === String(step)) : undefined;
    node = pair?.value ?? (isSeq(target) ? target.items[Number(step)] : undefined);
    // A key is the better place to look at than its value, which may be on the next line.
    offset = startOf(pair?.key) ?? startOf(node) ?? offset;
    if (node === undefined) break;
  }
  return offset;
}

function keyOf({ key }: Pair): string {
  return String((key as { readonly value?: unknown } | null)?.value ?? key); // keys are scalars: `stringKeys`
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
