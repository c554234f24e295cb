import type { CompiledMapStep } from "../compiled-graph.ts";
import type { GraphBody, MapStep } from "../graph.ts";
import { portText } from "../port-text.ts";
import { checkBodyFeeds } from "./check-body-feeds.ts";
import { checkFit } from "./check-fit.ts";
import { invalid, type CompileContext, type WireTable } from "./compile-context.ts";
import { feedOf, inferInputs } from "./infer-inputs.ts";
import { normalBody } from "./normal-body.ts";

const defaultConcurrency = 4;

/** A map: `over` carries a stream, the body turns one item (and further single values) into one value. */
export function compileMap(spec: MapStep, wires: WireTable, context: CompileContext): CompiledMapStep {
  const path = context.prefix + spec.id;
  const from = spec.from ?? {};
  const stream = wires.get(spec.over);
  const itemPort = stream && { modality: stream.modality, many: false };
  const body = context.compileBody(
    inferInputs(itemFirst(spec.body, from), (name) =>
      Object.hasOwn(from, name) ? feedOf(from, wires)(name) : itemPort,
    ),
    { ...context, prefix: `${path}/`, insideMap: true },
    { unreadInputs: "refuse" },
  );
  const [[item, takes] = ["", undefined], ...others] = body.inputs;
  if (takes === undefined || Object.hasOwn(from, item))
    throw invalid(
      path,
      `map '${path}' feeds every input of its body by name, so none is left for the item`,
      `Remove '${item}' from \`from\`: the first input of the body takes the item.`,
    );
  for (const [name, port] of body.inputs) {
    if (port.many)
      throw invalid(
        path,
        `input '${name}' of map '${path}' takes ${portText(port)}, but the body of a map works on single values`,
        `Collect the stream into one value before the map, or take ${port.modality.id}.`,
      );
  }
  if (body.outputPort.many)
    throw invalid(
      path,
      `the body of map '${path}' makes ${portText(body.outputPort)}, but must make one value per item`,
      "End the body with a step that joins the stream into one value.",
    );
  checkFit(
    spec.over,
    { name: `map '${path}'`, path, takes: { modality: takes.modality, many: true }, mappable: false },
    wires,
    context,
  );
  checkBodyFeeds(body, { path, from, names: others.map(([name]) => name), mappable: false }, wires, context);
  const concurrency = spec.concurrency ?? (body.stateful ? 1 : defaultConcurrency);
  if (body.stateful && concurrency > 1)
    throw invalid(
      path,
      `map '${path}' has concurrency ${concurrency}, but its body holds state between items`,
      "Leave concurrency out, or set it to 1.",
    );
  return {
    kind: "map",
    path,
    body,
    output: { modality: body.outputPort.modality, many: true },
    spec: {
      kind: "map",
      id: spec.id,
      over: spec.over,
      from,
      body: normalBody(body),
      concurrency,
      order: spec.order ?? "input",
      ...(spec.soft === true && { soft: true }),
    },
  };
}

// Canonical JSON forgets the order of inputs; which one takes the item follows from `from`, too, and that survives.
function itemFirst(body: GraphBody, from: MapStep["from"] & object): GraphBody {
  const unfed = Object.keys(body.inputs).filter((name) => !Object.hasOwn(from, name));
  const item = unfed.length === 1 ? unfed[0] : Object.keys(body.inputs)[0];
  if (item === undefined) return body;
  return { ...body, inputs: { [item]: body.inputs[item] ?? "", ...body.inputs } };
}
