import { didYouMean } from "../../util/nearest-name.ts";
import type { CompiledBody, CompiledStep, ResolvedPort } from "../compiled-graph.ts";
import type { GraphBody, PortText, Wire } from "../graph.ts";
import { inferredPort, resolvePortText } from "../port-text.ts";
import { invalid, ownerOf, pathOf, type BodyRules, type CompileContext } from "./compile-context.ts";
import { compileStep } from "./compile-step.ts";
import { wiresOf } from "./feeds.ts";
import { located } from "./located.ts";
import { orderSteps } from "./order-steps.ts";

/** Resolves and checks a graph or the body of a step. Throws SG_GRAPH_*, SG_OPTIONS_INVALID, SG_REGISTRY_UNKNOWN. */
export function compileBody(body: GraphBody, context: CompileContext, rules: BodyRules): CompiledBody {
  const owner = ownerOf(context);
  if (Object.keys(body.inputs).length === 0)
    throw invalid(pathOf(context), `${owner} has no input`, "Name at least one input and its modality.");
  const inputs = new Map(
    Object.entries(body.inputs).map(([name, text]) => [
      name,
      located(`input '${name}' of ${owner}`, pathOf(context), () => resolveInput(name, text, context)),
    ]),
  );
  const wires = new Map<Wire, ResolvedPort>(inputs);
  const steps: CompiledStep[] = [];
  for (const spec of orderSteps(body, context)) {
    const step = compileStep(spec, wires, context);
    steps.push(step);
    wires.set(spec.id, step.output);
  }
  const outputPort = wires.get(body.output);
  if (outputPort === undefined)
    throw invalid(
      pathOf(context),
      `the output of ${owner} is wire '${body.output}', which is neither an input nor a step${didYouMean(body.output, wires.keys())}`,
      `Use one of: ${[...wires.keys()].join(", ")}.`,
    );
  refuseUnread(body, context, rules);
  return { inputs, steps, output: body.output, outputPort, stateful: steps.some((step) => holdsState(step, context)) };
}

function resolveInput(name: string, text: PortText, context: CompileContext): ResolvedPort {
  if (text !== inferredPort) return resolvePortText(text, context.registry);
  throw invalid(
    pathOf(context),
    `input '${name}' of ${ownerOf(context)} has no modality, and no wire to take it from`,
    context.prefix === "" ? `Name its modality: { ${name}: text }.` : `Feed it: from: { ${name}: <wire> }.`,
  );
}

function refuseUnread(body: GraphBody, context: CompileContext, rules: BodyRules): void {
  const read = new Set([body.output, ...body.steps.flatMap(wiresOf)]);
  const idle = body.steps.find((step) => !read.has(step.id));
  if (idle !== undefined)
    throw invalid(
      context.prefix + idle.id,
      `nothing reads what step '${context.prefix}${idle.id}' makes`,
      "Feed it to another step, make it the output, or remove the step.",
    );
  if (rules.unreadInputs === "allow") return;
  const unread = Object.keys(body.inputs).find((name) => !read.has(name));
  if (unread !== undefined)
    throw invalid(
      pathOf(context),
      `nothing reads input '${unread}' of ${ownerOf(context)}`,
      "Feed it to a step or remove the input.",
    );
}

// A window inside a map lives and dies with one item, so it carries nothing from item to item.
function holdsState(step: CompiledStep, { insideMap }: CompileContext): boolean {
  switch (step.kind) {
    case "transform":
      return step.transform.state !== undefined;
    case "switch":
      return [...step.cases, step.otherwise].some((branch) => branch.stateful);
    case "window":
    case "join":
      return !insideMap;
    default:
      return step.body.stateful;
  }
}
