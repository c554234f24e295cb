import { fail } from "../errors/catalog.ts";
import { formatProblems, schemaProblems, type SchemaProblem } from "../util/schema-problems.ts";
import { graphSchema, type Graph } from "./graph.ts";

/** Deepest nesting of lists and objects in a graph: far beyond what people write, far below what overflows a stack. */
const maxDepth = 200;
const maxSteps = 2000;
const maxValues = 200_000;

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

// Schemas recurse: the size is checked first, without recursion, so that no input overflows the stack or runs for minutes.
function refuseExcess(value: unknown): void {
  let level: readonly unknown[] = [value];
  let steps = 0;
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth)
      throw fail("SG_GRAPH_INVALID", `the pipeline is nested more than ${maxDepth} levels deep`, {
        hint: "Split it into several pipelines.",
      });
    values += level.length;
    if (values > maxValues)
      throw fail("SG_GRAPH_INVALID", `the pipeline has more than ${maxValues} values`, {
        hint: "Split it into several pipelines.",
      });
    steps += level.filter((node) => typeof node === "object" && node !== null && Object.hasOwn(node, "id")).length;
    if (steps > maxSteps)
      throw fail("SG_GRAPH_INVALID", `the pipeline has more than ${maxSteps} steps`, {
        hint: "Split it into several pipelines.",
      });
    level = level.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []));
  }
}
