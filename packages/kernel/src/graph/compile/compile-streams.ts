import type { AnyModality } from "../../contract/modality.ts";
import type { CompiledJoinStep, CompiledWindowStep } from "../compiled-graph.ts";
import { joinedOf, windowOf } from "../../modalities/derived-modalities.ts";
import type { JoinStep, Wire, WindowStep } from "../graph.ts";
import { portText } from "../port-text.ts";
import { invalid, type CompileContext, type WireTable } from "./compile-context.ts";

/** A window: groups a stream by event time or count. */
export function compileWindow(spec: WindowStep, wires: WireTable, context: CompileContext): CompiledWindowStep {
  const path = context.prefix + spec.id;
  const name = `window '${path}'`;
  const item = streamItem(name, path, spec.over, wires);
  const base = {
    kind: "window",
    id: spec.id,
    over: spec.over,
    ...(spec.key !== undefined && { key: spec.key }),
    ...(spec.soft === true && { soft: true }),
  } as const;
  const compiled = { kind: "window", path, item, output: { modality: windowOf(item), many: true } } as const;
  if ("items" in spec.size) {
    if (spec.lateSeconds !== undefined)
      throw invalid(
        path,
        `${name} counts items, so lateSeconds has no effect`,
        "Remove lateSeconds, or give the window a size in seconds.",
      );
    return { ...compiled, spec: { ...base, size: spec.size } };
  }
  needsTime(name, path, item);
  const { seconds, everySeconds = seconds } = spec.size;
  if (everySeconds > seconds)
    throw invalid(
      path,
      `${name} opens every ${everySeconds} s but is ${seconds} s long: what comes between two windows would be lost`,
      `Set everySeconds to at most ${seconds}.`,
    );
  return { ...compiled, spec: { ...base, size: { seconds, everySeconds }, lateSeconds: spec.lateSeconds ?? 0 } };
}

/** A temporal join: pairs the items of two streams by event time. */
export function compileJoin(spec: JoinStep, wires: WireTable, context: CompileContext): CompiledJoinStep {
  const path = context.prefix + spec.id;
  const name = `join '${path}'`;
  const leftItem = streamItem(name, path, spec.left, wires);
  const rightItem = streamItem(name, path, spec.right, wires);
  needsTime(name, path, leftItem);
  needsTime(name, path, rightItem);
  return {
    kind: "join",
    path,
    leftItem,
    rightItem,
    output: { modality: joinedOf(leftItem, rightItem), many: true },
    spec: {
      kind: "join",
      id: spec.id,
      left: spec.left,
      right: spec.right,
      withinSeconds: spec.withinSeconds,
      lateSeconds: spec.lateSeconds ?? 0,
      ...(spec.key !== undefined && { key: spec.key }),
      ...(spec.soft === true && { soft: true }),
    },
  };
}

function streamItem(name: string, path: string, wire: Wire, wires: WireTable): AnyModality {
  const port = wires.get(wire);
  if (port === undefined || !port.many)
    throw invalid(
      path,
      `${name} takes a stream, but wire '${wire}' carries ${port === undefined ? "nothing" : portText(port)}`,
      "Feed it a wire that carries many(...).",
    );
  return port.modality;
}

function needsTime(name: string, path: string, item: AnyModality): void {
  if (item.timeOf !== undefined) return;
  const { id } = item;
  throw invalid(
    path,
    `${name} orders ${id} by event time, but ${id} has none`,
    `Use a modality with an event time (timeOf in defineModality)${name.startsWith("window") ? ", or a window of items" : ""}.`,
  );
}
