import type { z } from "zod";
import { didYouMean } from "./nearest-name.ts";
import { allowedKeys } from "./schema-keys.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One thing that is wrong with a value, in words. */
export interface SchemaProblem {
  /** Where: ["steps", 2, "concurrency"]. */
  readonly path: readonly (string | number)[];
  /** What is wrong and, for an unknown key, which were allowed: "unknown field 'dip' (did you mean 'dpi'?); allowed are 'dpi', 'pages'". */
  readonly message: string;
  /** The unknown key at `path`, when that is the problem. */
  readonly key?: string | undefined;
}

/** What a failed parse found, in the order of the schema. `schema` and `value` are those that were parsed. */
export function schemaProblems(
  error: z.core.$ZodError,
  schema: z.core.$ZodType,
  value: unknown,
): readonly SchemaProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], schema, value));
}

/** "steps[2].concurrency" */
export function formatPath(path: Path): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`))
    .join("");
}

/** One sentence of at most three problems: "steps[0].use: expected string, received number; ...". */
export function formatProblems(problems: readonly SchemaProblem[]): string {
  const shown = problems
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`));
  const hidden = problems.length - shown.length;
  return shown.join("; ") + (hidden > 0 ? `; and ${hidden} more` : "");
}

function problemsOf(issue: Issue, prefix: Path, schema: z.core.$ZodType, value: unknown): readonly SchemaProblem[] {
  const path = [...prefix, ...issue.path];
  const at = path.map((key) => (typeof key === "symbol" ? String(key) : key));
  switch (issue.code) {
    case "unrecognized_keys": {
      const allowed = allowedKeys(schema, path, value);
      return issue.keys.map((key) => ({
        path: at,
        key,
        message: `unknown field '${key}'${didYouMean(key, allowed)}; ${listed(allowed)}`,
      }));
    }
    case "invalid_key":
      return [{ path: at, message: issue.issues.map(({ message }) => message).join(", ") }];
    case "invalid_union": {
      const likeliest = likeliestBranch(issue.errors);
      if (likeliest !== undefined) return likeliest.flatMap((inner) => problemsOf(inner, path, schema, value));
      return [{ path: at, message: issue.message }];
    }
    default:
      return [{ path: at, message: issue.message.replace(/^Invalid (input|option): /, "") }];
  }
}

/** The branch of a union the value was most likely meant to be: fewest unknown and missing fields. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const weight = (issues: readonly Issue[]): number =>
    issues.reduce(
      (sum, issue) =>
        sum + (issue.code === "unrecognized_keys" ? 2 * issue.keys.length : issue.path.length === 0 ? 3 : 1),
      0,
    );
  return branches.toSorted((a, b) => weight(a) - weight(b))[0];
}

function listed(allowed: readonly string[]): string {
  return allowed.length === 0
    ? "no field is allowed here"
    : `allowed are ${allowed.map((key) => `'${key}'`).join(", ")}`;
}
