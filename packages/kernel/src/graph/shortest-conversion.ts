import type { AnyTransform } from "../contract/transform.ts";
import { isPort } from "../define/define-transform.ts";
import type { Registry } from "../registry/registry.ts";
import type { ResolvedPort } from "./compiled-graph.ts";
import { portText, resolvePort, samePort } from "./port-text.ts";

/** One transform of a conversion; `mapped` when it runs on every item of a stream. */
export interface ConversionHop {
  readonly transform: AnyTransform;
  readonly mapped: boolean;
  readonly to: ResolvedPort;
}

export interface Conversion {
  readonly hops: readonly ConversionHop[];
  /** The stream that comes out fits the items: the consuming step belongs into a map. */
  readonly thenMap: boolean;
}

export interface ConversionRequest {
  readonly from: ResolvedPort;
  readonly to: ResolvedPort;
  /** Whether the consumer could run in a map over the items. */
  readonly mappable: boolean;
}

/**
 * Fewest single-input transforms that lead from one port to another, by breadth-first search over
 * (modality, one or many); of equally short ways the first in the registry's order. `undefined` when there is none.
 */
export function findShortestConversion(
  { from, to, mappable }: ConversionRequest,
  registry: Registry,
): Conversion | undefined {
  const seen = new Set([portText(from)]);
  let frontier: readonly { readonly port: ResolvedPort; readonly hops: readonly ConversionHop[] }[] = [
    { port: from, hops: [] },
  ];
  while (frontier.length > 0) {
    const reached = frontier.find(({ port }) => samePort(port, to));
    if (reached !== undefined) return { hops: reached.hops, thenMap: false };
    const asStream =
      mappable && !to.many ? frontier.find(({ port }) => port.many && port.modality.id === to.modality.id) : undefined;
    if (asStream !== undefined) return { hops: asStream.hops, thenMap: true };
    frontier = frontier.flatMap(({ port, hops }) =>
      hopsFrom(port, registry)
        .filter((hop) => !seen.has(portText(hop.to)) && seen.add(portText(hop.to)))
        .map((hop) => ({ port: hop.to, hops: [...hops, hop] })),
    );
  }
  return undefined;
}

/** "insert: pages.split (document -> many(page)) then map" */
export function describeConversion(conversion: Conversion): string {
  const hops = conversion.hops.map(({ transform, mapped, to }) => {
    const from = isPort(transform.from) ? portText(resolvePort(transform.from)) : "";
    const target = mapped ? portText({ ...to, many: false }) : portText(to);
    return `${mapped ? "map " : ""}${transform.id} (${from} -> ${target})`;
  });
  return `insert: ${[...hops, ...(conversion.thenMap ? ["map"] : [])].join(" then ")}`;
}

function hopsFrom(port: ResolvedPort, registry: Registry): readonly ConversionHop[] {
  return registry.transforms.flatMap((transform): readonly ConversionHop[] => {
    if (!isPort(transform.from)) return [];
    const takes = resolvePort(transform.from);
    const to = resolvePort(transform.to);
    if (samePort(takes, port)) return [{ transform, mapped: false, to }];
    const mapped = port.many && !takes.many && takes.modality.id === port.modality.id && !to.many;
    return mapped ? [{ transform, mapped: true, to: { ...to, many: true } }] : [];
  });
}
