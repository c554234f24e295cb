import type { Exchange } from "./exchange.ts";
import { openInferenceError } from "./open-inference/open-inference-error.ts";
import { openaiError } from "./openai/openai-error.ts";
import { type Problem, toProblem } from "./problem.ts";

/** What is told of a problem, in the shape the route's clients read. */
export function problemBody({ errorShape }: Pick<Exchange, "errorShape">, problem: Problem): object {
  if (errorShape === "openai") return openaiError(problem);
  return errorShape === "open-inference" ? openInferenceError(problem) : problem;
}

/** What is told of an error, in the shape the route's clients read. */
export function errorBody(exchange: Pick<Exchange, "errorShape" | "id">, error: unknown): object {
  return problemBody(exchange, toProblem(error, exchange.id));
}
