import type { ResolvedPort } from "../compiled-graph.ts";
import type { GraphBody } from "../graph.ts";
import { inferredPort, portText } from "../port-text.ts";

/** The body with the ports it leaves open ("*") filled from what feeds them. */
export function inferInputs(body: GraphBody, feeds: (input: string) => ResolvedPort | undefined): GraphBody {
  const inputs = Object.entries(body.inputs).map(([name, text]) => {
    const port = text === inferredPort ? feeds(name) : undefined;
    return [name, port === undefined ? text : portText(port)];
  });
  return { ...body, inputs: Object.fromEntries(inputs) as GraphBody["inputs"] }; // entries of the same record
}

/** What `from` feeds an input with. */
export function feedOf(
  from: Readonly<Record<string, string>>,
  wires: ReadonlyMap<string, ResolvedPort>,
): (input: string) => ResolvedPort | undefined {
  return (input) => (Object.hasOwn(from, input) ? wires.get(from[input] ?? "") : undefined);
}
