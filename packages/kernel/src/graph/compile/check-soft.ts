import { formatProblems, schemaProblems } from "../../util/schema-problems.ts";
import type { CompiledStep } from "../compiled-graph.ts";
import { portText } from "../port-text.ts";
import { invalid, type CompileContext } from "./compile-context.ts";

/**
 * A soft step needs something that can be left out or put in its place: an item of its stream, the item of the map
 * around it, or `orElse`. Throws SG_GRAPH_INVALID.
 */
export function checkSoft({ spec, path, output }: CompiledStep, { insideMap }: CompileContext): void {
  const orElse = spec.kind === "transform" ? spec.orElse : undefined;
  if (orElse !== undefined) {
    if (spec.soft !== true)
      throw invalid(path, `step '${path}' has orElse but is not soft`, "Set soft: true, or remove orElse.");
    if (output.many)
      throw invalid(
        path,
        `step '${path}' makes ${portText(output)} and has orElse, which stands in for one value`,
        "Remove orElse: a soft stream leaves out what failed.",
      );
    const parsed = output.modality.schema.safeParse(orElse);
    if (!parsed.success)
      throw invalid(
        path,
        `orElse of step '${path}' is no ${output.modality.id}: ${formatProblems(schemaProblems(parsed.error, output.modality.schema, orElse))}`,
      );
    return;
  }
  if (spec.soft !== true || output.many || insideMap) return;
  const fix =
    spec.kind === "transform"
      ? "Give the step orElse, a value that stands in, or put it into a map."
      : "Put the step into a map, or make its transforms soft with orElse.";
  throw invalid(path, `step '${path}' is soft, but nothing can stand in for its ${portText(output)}`, fix);
}
