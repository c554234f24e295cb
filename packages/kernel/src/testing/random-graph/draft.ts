import type { Feed, GraphBody, GraphStep, PortText, TransformStep, Wire } from "../../graph/graph.ts";
import { wiresOf } from "../../graph/compile/feeds.ts";
import type { JsonObject } from "../../util/json.ts";
import type { SeededRandom } from "../seeded-random.ts";

/** What all bodies of one random graph share. */
export interface Maker {
  readonly random: SeededRandom;
  readonly completionOrder: boolean;
  readonly streamFanOut: boolean;
  /** A step id that no other step of the graph has. */
  newId(): string;
  /** A random body with these inputs whose output is one number. A member, because steps hold bodies and bodies hold steps. */
  makeBody(inputs: GraphBody["inputs"], settings: BodySettings): GraphBody;
}

export interface BodySettings {
  /** Bodies that may still be inside this one. */
  readonly depth: number;
  /** Moves to draw at most. */
  readonly size: number;
  /** A failing step takes an item with it, not the run. */
  readonly insideMap: boolean;
}

/** A body while it grows: its steps, what its wires carry, and the wires nothing reads yet. */
export interface Draft {
  readonly steps: readonly GraphStep[];
  /** A wire carrying this port, rather one that nothing reads yet; `undefined` when there is none. */
  find(port: PortText, except?: Wire): Wire | undefined;
  /** Wires that nothing reads yet, oldest first. */
  unread(): readonly { readonly wire: Wire; readonly port: PortText }[];
  /** Adds a step; what it reads counts as read. */
  add(step: GraphStep, makes: PortText): Wire;
  /** Adds a step that runs `numbers.<verb>`. */
  transform(
    verb: string,
    from: Feed,
    makes: PortText,
    options?: JsonObject,
    soft?: Pick<TransformStep, "soft" | "orElse">,
  ): Wire;
}

export function createDraft(maker: Maker, inputs: GraphBody["inputs"]): Draft {
  const steps: GraphStep[] = [];
  const wires = new Map<Wire, PortText>(Object.entries(inputs));
  const unread = new Set<Wire>(wires.keys());
  const read = (wire: Wire): void => {
    unread.delete(wire);
    if (!maker.streamFanOut && wires.get(wire)?.startsWith("many") === true) wires.delete(wire);
  };
  const add = (step: GraphStep, makes: PortText): Wire => {
    steps.push(step);
    wiresOf(step).forEach(read);
    wires.set(step.id, makes);
    unread.add(step.id);
    return step.id;
  };
  return {
    steps,
    add,
    find(port, except) {
      const fitting = [...wires].filter(([wire, carries]) => carries === port && wire !== except).map(([wire]) => wire);
      const fresh = fitting.filter((wire) => unread.has(wire));
      const choices = fresh.length > 0 && maker.random.chance(0.7) ? fresh : fitting;
      return choices.length === 0 ? undefined : maker.random.pick(choices);
    },
    unread: () => [...unread].map((wire) => ({ wire, port: wires.get(wire) ?? "" })),
    transform: (verb, from, makes, options = {}, soft = {}) =>
      add({ kind: "transform", id: maker.newId(), use: `numbers.${verb}`, from, with: options, ...soft }, makes),
  };
}
