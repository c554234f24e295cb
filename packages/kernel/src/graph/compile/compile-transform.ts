import type { AnyTransform } from "../../contract/transform.ts";
import { portEntries } from "../../define/define-transform.ts";
import { didYouMean } from "../../util/nearest-name.ts";
import type { CompiledTransformStep } from "../compiled-graph.ts";
import type { TransformStep, Wire } from "../graph.ts";
import { portText, resolvePort } from "../port-text.ts";
import { checkFit } from "./check-fit.ts";
import { invalid, type CompileContext, type WireTable } from "./compile-context.ts";
import { located } from "./located.ts";
import { parseOptions } from "./parse-options.ts";

/** Pins the version, parses the options and checks every port of a transform step. */
export function compileTransform(
  spec: TransformStep,
  wires: WireTable,
  context: CompileContext,
): CompiledTransformStep {
  const path = context.prefix + spec.id;
  const transform = located(`step '${path}'`, path, () => context.registry.transform(spec.use));
  const { options, normal } = parseOptions(transform, spec.with ?? {}, path);
  const feeds = feedsOf(spec, transform, path);
  for (const [port, takes] of portEntries(transform.from)) {
    const name = port === "" ? `step '${path}'` : `input '${port}' of step '${path}'`;
    checkFit(feeds.get(port) ?? "", { name, path, takes: resolvePort(takes), mappable: true }, wires, context);
  }
  return {
    kind: "transform",
    path,
    transform,
    options,
    feeds,
    output: resolvePort(transform.to),
    spec: {
      kind: "transform",
      id: spec.id,
      use: `${transform.id}@${transform.version}`,
      from: feeds.get("") ?? Object.fromEntries(feeds),
      with: normal,
      ...(spec.soft === true && { soft: true }),
      ...(spec.orElse !== undefined && { orElse: spec.orElse }),
    },
  };
}

function feedsOf({ from }: TransformStep, transform: AnyTransform, path: string): ReadonlyMap<string, Wire> {
  const ports = portEntries(transform.from);
  const names = ports.map(([name]) => name);
  const listing = ports.map(([name, port]) => `${name} (${portText(resolvePort(port))})`).join(", ");
  if (names.includes("")) {
    if (typeof from === "string") return new Map([["", from]]);
    throw invalid(
      path,
      `step '${path}' (${transform.id}) has one input without a name, but is fed by name: ${Object.keys(from).join(", ")}`,
      "Feed it one wire: from: <wire>.",
    );
  }
  if (typeof from === "string")
    throw invalid(
      path,
      `step '${path}' (${transform.id}) has named inputs, but is fed one wire, '${from}'`,
      `Feed every input by name: ${listing}.`,
    );
  const unknown = Object.keys(from).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw invalid(
      path,
      `step '${path}' (${transform.id}) has no input '${unknown}'${didYouMean(unknown, names)}`,
      `Its inputs are: ${listing}.`,
    );
  return new Map(
    names.map((name) => {
      const wire = Object.hasOwn(from, name) ? from[name] : undefined;
      if (wire === undefined)
        throw invalid(
          path,
          `input '${name}' of step '${path}' (${transform.id}) is not fed`,
          `Its inputs are: ${listing}.`,
        );
      return [name, wire];
    }),
  );
}
