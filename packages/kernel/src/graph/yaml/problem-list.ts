import type { z } from "zod";
import { schemaProblems, type SchemaProblem } from "../../util/schema-problems.ts";

type Path = readonly (string | number)[];

/** Collects what is wrong with a spelling, so that all of it is told at once. */
export interface ProblemList {
  readonly problems: readonly SchemaProblem[];
  add(path: Path, message: string, key?: string): undefined;
  /** The parsed value; `undefined` after adding what is wrong with it. */
  parse<S extends z.ZodType>(schema: S, value: unknown, path: Path): z.output<S> | undefined;
}

export function createProblemList(): ProblemList {
  const problems: SchemaProblem[] = [];
  return {
    problems,
    add(path, message, key) {
      problems.push({ path, message, key });
      return undefined;
    },
    parse(schema, value, path) {
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      problems.push(
        ...schemaProblems(parsed.error, schema, value).map((problem) => ({
          ...problem,
          path: [...path, ...problem.path],
        })),
      );
      return undefined;
    },
  };
}
