import type { Condition } from "../condition.ts";
import { invalid } from "./compile-context.ts";

/** Checks what the schema cannot: fields begin at the descriptor or the value, and every operator can hold. Throws SG_GRAPH_INVALID. */
export function checkCondition(condition: Condition, path: string): void {
  if ("all" in condition || "any" in condition) {
    const parts = "all" in condition ? condition.all : condition.any;
    if (parts.length === 0)
      throw invalid(
        path,
        `step '${path}' has a condition without parts`,
        "Put at least one condition into `all` or `any`.",
      );
    for (const part of parts) checkCondition(part, path);
    return;
  }
  if ("not" in condition) return checkCondition(condition.not, path);
  if (!/^(value$|(value|descriptor)\.[^.]+(\.[^.]+)*$)/.test(condition.field)) {
    throw invalid(
      path,
      `step '${path}' looks at field '${condition.field}'`,
      'Begin the field with "descriptor." or "value.": "descriptor.mediaType", "value.total.amount".',
    );
  }
  if ("exists" in condition) return;
  const wanted = wantedType(condition.op);
  if (
    wanted !== undefined &&
    !wanted.types.includes(Array.isArray(condition.value) ? "list" : typeof condition.value)
  ) {
    throw invalid(
      path,
      `step '${path}' compares with ${condition.op} ${JSON.stringify(condition.value)}, which never holds`,
      `Give ${condition.op} ${wanted.words}.`,
    );
  }
}

function wantedType(op: string): { readonly types: readonly string[]; readonly words: string } | undefined {
  if (op === "in") return { types: ["list"], words: "a list of values" };
  if (op === "matches") return { types: ["string"], words: 'a glob such as "image/*"' };
  if (op === "==" || op === "!=") return undefined;
  return { types: ["number", "string"], words: "a number or a text" };
}
