import { fail } from "../errors/catalog.ts";

/** Deepest nesting of lists and objects in a graph: far beyond what people write, far below what overflows a stack. */
const maxDepth = 200;
const maxSteps = 2000;
const maxValues = 200_000;

/**
 * Refuses what is too deep or too large to be a pipeline, without recursion: what reads graphs recurses, and no input
 * may overflow the stack or run for minutes. Throws SG_GRAPH_INVALID.
 */
export function refuseExcess(value: unknown): void {
  let level: readonly unknown[] = [value];
  let steps = 0;
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth)
      throw fail("SG_GRAPH_INVALID", `the pipeline is nested more than ${maxDepth} levels deep`, {
        hint: "Split it into several pipelines.",
      });
    // Objects would be given a prototype where they are copied, and the key would be gone without a word.
    if (level.some((node) => typeof node === "object" && node !== null && Object.hasOwn(node, "__proto__")))
      throw fail("SG_GRAPH_INVALID", "the pipeline has a field '__proto__'", { hint: "Remove the field." });
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
