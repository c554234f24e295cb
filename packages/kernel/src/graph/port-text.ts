import type { Port } from "../contract/modality.ts";
import type { Registry } from "../registry/registry.ts";
import type { ResolvedPort } from "./compiled-graph.ts";
import type { PortText } from "./graph.ts";

/** An input of a body whose modality is that of the wire that feeds it. */
export const inferredPort: PortText = "*";

/** "text", or "many(text)" for a stream: how messages, YAML and the graph write a port. */
export function portText(port: ResolvedPort): PortText {
  return port.many ? `many(${port.modality.id})` : port.modality.id;
}

/** Looks up a port text. Throws SG_REGISTRY_UNKNOWN when its modality is not known. */
export function resolvePortText(text: PortText, registry: Registry): ResolvedPort {
  const item = /^many\((.*)\)$/.exec(text)?.[1];
  return { modality: registry.modality(item ?? text), many: item !== undefined };
}

/** The port of a definition in the form the compiler works with. */
export function resolvePort(port: Port): ResolvedPort {
  return port.kind === "many" ? { modality: port.item, many: true } : { modality: port, many: false };
}

/** Whether a payload of one port may travel to the other. Modalities are equal by id: two copies of a package agree. */
export function samePort(a: ResolvedPort, b: ResolvedPort): boolean {
  return a.many === b.many && a.modality.id === b.modality.id;
}
