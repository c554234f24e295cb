import type { Many, Modality, Port, Ports } from "../../contract/modality.ts";

/**
 * A wire in the builder. `Text` is what it carries, "text" or "many(page)": two wires fit exactly when the texts are
 * equal, and that is what the compiler's message shows.
 */
export interface WireOf<Text extends string = string> {
  readonly kind: "wire";
  readonly name: string;
  readonly carries: Text;
  /** The body the wire belongs to; wires of other bodies are refused when the step is added. */
  readonly scope: symbol;
}

/** "text", or "many(text)" for a stream. */
export type PortTextOf<P> =
  P extends Many<infer M> ? `many(${M["id"]})` : P extends Modality<infer _T, infer Id, infer _Measure> ? Id : never;

/** Wires that feed these ports: one wire, or one per name. */
export type FeedOf<P extends Ports> = P extends Port
  ? WireOf<PortTextOf<P>>
  : { readonly [Name in keyof P]: WireOf<PortTextOf<P[Name]>> };

/** Refuses streams: the message stands in the type the compiler names. */
export type Single<Text extends string, Message extends string> = Text extends `many(${string})`
  ? { readonly "~refused": Message }
  : unknown;

/** Refuses streams among named wires. */
export type AllSingle<Wires, Message extends string> = {
  readonly [Name in keyof Wires]: Wires[Name] extends WireOf<infer Text> ? Single<Text, Message> : unknown;
};
