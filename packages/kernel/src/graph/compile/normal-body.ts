import type { CompiledBody } from "../compiled-graph.ts";
import type { GraphBody } from "../graph.ts";
import { portText } from "../port-text.ts";

/** The body as data again, everything resolved written down. */
export function normalBody(body: CompiledBody): GraphBody {
  const inputs = Object.fromEntries([...body.inputs].map(([name, port]) => [name, portText(port)]));
  return { inputs, steps: body.steps.map((step) => step.spec), output: body.output };
}
