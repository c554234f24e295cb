import type { CompiledLoopStep } from "../compiled-graph.ts";
import type { LoopStep } from "../graph.ts";
import { portText, samePort } from "../port-text.ts";
import { checkCondition } from "./check-condition.ts";
import { checkFit, throwMismatch } from "./check-fit.ts";
import { invalid, type CompileContext, type WireTable } from "./compile-context.ts";
import { inferInputs } from "./infer-inputs.ts";
import { normalBody } from "./normal-body.ts";

/** A loop: one single-valued input, and what the body makes can be fed to it again. */
export function compileLoop(spec: LoopStep, wires: WireTable, context: CompileContext): CompiledLoopStep {
  const path = context.prefix + spec.id;
  checkCondition(spec.until, path);
  const body = context.compileBody(
    inferInputs(spec.body, () => wires.get(spec.from)),
    { ...context, prefix: `${path}/` },
    { unreadInputs: "refuse" },
  );
  const [[, input] = ["", undefined], ...others] = body.inputs;
  if (input === undefined || others.length > 0)
    throw invalid(
      path,
      `the body of loop '${path}' has ${body.inputs.size} inputs`,
      "Give the body of a loop exactly one input.",
    );
  if (input.many)
    throw invalid(
      path,
      `loop '${path}' takes ${portText(input)}, but a loop works on single values`,
      "Put the loop into a map over the stream.",
    );
  checkFit(spec.from, { name: `loop '${path}'`, path, takes: input, mappable: true }, wires, context);
  if (!samePort(body.outputPort, input)) {
    throwMismatch(
      `the body of loop '${path}' takes ${portText(input)}, but makes ${portText(body.outputPort)}`,
      body.outputPort,
      { name: `loop '${path}'`, path, takes: input, mappable: false },
      context,
    );
  }
  return {
    kind: "loop",
    path,
    body,
    output: input,
    spec: {
      kind: "loop",
      id: spec.id,
      from: spec.from,
      body: normalBody(body),
      until: spec.until,
      maxIterations: spec.maxIterations,
      ...(spec.soft === true && { soft: true }),
    },
  };
}
