import type { CompiledBody, CompiledSwitchStep } from "../compiled-graph.ts";
import type { GraphBody, SwitchStep } from "../graph.ts";
import { portText, samePort } from "../port-text.ts";
import { checkBodyFeeds } from "./check-body-feeds.ts";
import { checkCondition } from "./check-condition.ts";
import { throwMismatch } from "./check-fit.ts";
import { invalid, type CompileContext, type WireTable } from "./compile-context.ts";
import { feedOf, inferInputs } from "./infer-inputs.ts";
import { normalBody } from "./normal-body.ts";
import { wiresOf } from "./feeds.ts";

/** A switch: one value decides, all branches take the same inputs and make the same port. */
export function compileSwitch(spec: SwitchStep, wires: WireTable, context: CompileContext): CompiledSwitchStep {
  const path = context.prefix + spec.id;
  const on = wires.get(spec.on);
  if (on?.many === true)
    throw invalid(
      path,
      `switch '${path}' looks at wire '${spec.on}', which carries ${portText(on)}`,
      "Look at a single value: put the switch into a map over the stream, or switch on another wire.",
    );
  if (spec.cases.length === 0) throw invalid(path, `switch '${path}' has no cases`, "Give it at least one case.");
  for (const { when } of spec.cases) checkCondition(when, path);
  const branches = [...spec.cases.map((branch) => branch.body), spec.otherwise];
  refuseSharedIds(branches, path);
  refuseUnreadInputs(spec, branches, path);
  const compiled = branches.map((branch) =>
    context.compileBody(
      inferInputs(branch, feedOf(spec.from, wires)),
      { ...context, prefix: `${path}/` },
      { unreadInputs: "allow" },
    ),
  );
  const [first] = compiled as [CompiledBody]; // at least `otherwise`
  for (const [index, branch] of compiled.entries()) {
    const name = index < spec.cases.length ? `case ${index + 1}` : "otherwise";
    checkBodyFeeds(
      branch,
      { path, from: spec.from, names: [...branch.inputs.keys()], mappable: false },
      wires,
      context,
    );
    if (samePort(branch.outputPort, first.outputPort)) continue;
    const taker = { name: `switch '${path}'`, path, takes: first.outputPort, mappable: false };
    throwMismatch(
      `case 1 of switch '${path}' makes ${portText(first.outputPort)}, but ${name} makes ${portText(branch.outputPort)}`,
      branch.outputPort,
      taker,
      context,
    );
  }
  const cases = compiled.slice(0, -1);
  const otherwise = compiled.at(-1) as CompiledBody; // one per branch
  return {
    kind: "switch",
    path,
    cases,
    otherwise,
    output: first.outputPort,
    spec: {
      kind: "switch",
      id: spec.id,
      on: spec.on,
      from: spec.from,
      cases: cases.map((body, index) => ({ when: spec.cases[index]?.when ?? { all: [] }, body: normalBody(body) })),
      otherwise: normalBody(otherwise),
      ...(spec.soft === true && { soft: true }),
    },
  };
}

// Receipts and policies name steps by path, and a branch is no part of the path.
function refuseSharedIds(branches: readonly GraphBody[], path: string): void {
  const seen = new Set<string>();
  for (const branch of branches) {
    const ids = new Set(branch.steps.map((step) => step.id));
    for (const id of ids) {
      if (seen.has(id))
        throw invalid(
          `${path}/${id}`,
          `two branches of switch '${path}' have a step '${id}'`,
          "Give the steps of different branches different ids, so that receipts can tell them apart.",
        );
      seen.add(id);
    }
  }
}

function refuseUnreadInputs(spec: SwitchStep, branches: readonly GraphBody[], path: string): void {
  const read = new Set(branches.flatMap((branch) => [branch.output, ...branch.steps.flatMap(wiresOf)]));
  const unread = Object.keys(spec.from).find((name) => !read.has(name));
  if (unread !== undefined)
    throw invalid(
      path,
      `no branch of switch '${path}' reads input '${unread}'`,
      "Feed it to a step of a branch, or remove it from `from`.",
    );
}
