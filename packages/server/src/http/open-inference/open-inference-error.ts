import type { Problem } from "../problem.ts";

/** What a problem says, in the shape of the Open Inference Protocol: one text. Its code goes into a header. */
export function openInferenceError({ detail, hint }: Problem): { readonly error: string } {
  return { error: `${detail}. ${hint}` };
}
