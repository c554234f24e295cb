import { fail } from "../../errors/catalog.ts";
import type { ResolvedPort } from "../compiled-graph.ts";
import type { Wire } from "../graph.ts";
import { portText, samePort } from "../port-text.ts";
import { describeConversion, findShortestConversion } from "../shortest-conversion.ts";
import type { CompileContext, WireTable } from "./compile-context.ts";

/** One end of an edge: who takes what. */
export interface Taker {
  /** "step 'read'", "input 'page' of step 'read'", ends up at the beginning of the message. */
  readonly name: string;
  /** Path of the step, for editors. */
  readonly path: string;
  readonly takes: ResolvedPort;
  /** Whether putting the step into a map would be a fix. */
  readonly mappable: boolean;
}

/** Checks that what a wire carries is what its taker takes. Throws SG_GRAPH_MISMATCH naming both sides and the shortest fix. */
export function checkFit(wire: Wire, taker: Taker, wires: WireTable, context: CompileContext): void {
  const carries = wires.get(wire);
  if (carries === undefined || samePort(carries, taker.takes)) return; // unknown wires were refused when the steps were ordered
  throwMismatch(
    `${taker.name} takes ${portText(taker.takes)}, but wire '${wire}' carries ${portText(carries)}`,
    carries,
    taker,
    context,
  );
}

/** Throws SG_GRAPH_MISMATCH with the shortest conversion from `from` to what the taker takes. */
export function throwMismatch(message: string, from: ResolvedPort, taker: Taker, { registry }: CompileContext): never {
  const conversion = findShortestConversion({ from, to: taker.takes, mappable: taker.mappable }, registry);
  const [fix, hint] =
    conversion === undefined
      ? [
          `no open transform leads from ${portText(from)} to ${portText(taker.takes)}`,
          "Feed another wire, or open an adapter that provides the conversion.",
        ]
      : [describeConversion(conversion), undefined];
  throw fail("SG_GRAPH_MISMATCH", `${message}; ${fix}`, {
    hint,
    details: {
      step: taker.path,
      from: portText(from),
      to: portText(taker.takes),
      conversion:
        conversion === undefined
          ? null
          : conversion.hops.map(({ transform, mapped }) => ({ use: transform.id, mapped })),
      thenMap: conversion?.thenMap ?? false,
    },
  });
}
