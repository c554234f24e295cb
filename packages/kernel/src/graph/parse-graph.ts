import { fail } from "../errors/catalog.ts";
import { formatProblems, schemaProblems, type SchemaProblem } from "../util/schema-problems.ts";
import { graphSchema, type Graph } from "./graph.ts";
import { refuseExcess } from "./refuse-excess.ts";

/** Checks that a value is a graph. Throws SG_GRAPH_INVALID naming path and problem; `details.problems` has them all. */
export function parseGraph(value: unknown): Graph {
  refuseExcess(value);
  const parsed = graphSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = schemaProblems(parsed.error, graphSchema, value);
  throw fail("SG_GRAPH_INVALID", `the pipeline is not well formed: ${formatProblems(problems)}`, {
    details: { problems: problems.map(({ path, message }: SchemaProblem) => ({ path, message })) },
  });
}
