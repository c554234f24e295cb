import type { z } from "zod";
import type { Port, ValueOf } from "../../contract/modality.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import type { Condition } from "../condition.ts";
import type { Pipeline } from "./pipeline-type.ts";
import type { AllSingle, FeedOf, PortTextOf, Single, WireOf } from "./wire-of.ts";

type OptionsOf<T extends AnyTransform> = z.input<T["options"]>;

/** A soft step lets the run go on when it fails; `orElse` stands in for the one value it makes (a stream has none). */
export type SoftSettings<To extends Port> =
  | { readonly soft?: false; readonly orElse?: never }
  | { readonly soft: true; readonly orElse?: ValueOf<To> };

/** Settings of a transform step; required as soon as the transform has a required option. */
export type StepSettings<T extends AnyTransform> =
  Record<never, never> extends OptionsOf<T>
    ? [settings?: SoftSettings<T["to"]> & { readonly with?: OptionsOf<T> }]
    : [settings: SoftSettings<T["to"]> & { readonly with: OptionsOf<T> }];

type NamedWires = Readonly<Record<string, WireOf>>;

export interface MapSettings<Using extends NamedWires> {
  /** Single values of the graph around that the body needs, too; they arrive as its third argument. */
  readonly using?: Using & AllSingle<Using, "collect the stream into one value first"> & { readonly item?: never };
  /** Items in flight. Default 4; 1 while the body holds state. */
  readonly concurrency?: number;
  /** "input" (default) keeps the order of items; "completion" yields what is ready. */
  readonly order?: "input" | "completion";
  /** A failing item is left out and itemised. */
  readonly soft?: boolean;
}

/** Makes one branch of a switch out of the switch's inputs. */
export type Branch<Inputs extends NamedWires, Out extends string> = (g: GraphBuilder, inputs: Inputs) => WireOf<Out>;

export interface SwitchSettings<Inputs extends NamedWires, Out extends string> {
  /** The first case whose condition holds is taken. All branches make what `otherwise` makes. */
  readonly cases: readonly [SwitchCase<Inputs, NoInfer<Out>>, ...SwitchCase<Inputs, NoInfer<Out>>[]];
  readonly otherwise: Branch<Inputs, Out>;
  readonly soft?: boolean;
}

export type SwitchCase<Inputs extends NamedWires, Out extends string> = readonly [
  when: Condition,
  build: Branch<Inputs, Out>,
];

export interface LoopSettings {
  /** Looked up in what the body made. */
  readonly until: Condition;
  /** Hard bound; reaching it without `until` is an issue, not an error. */
  readonly maxIterations: number;
  readonly soft?: boolean;
}

/** Size of a window: in event time, or in items. */
export type WindowSettings = { readonly key?: string; readonly soft?: boolean } & (
  | { readonly seconds: number; readonly everySeconds?: number; readonly lateSeconds?: number; readonly items?: never }
  | { readonly items: number; readonly seconds?: never; readonly everySeconds?: never; readonly lateSeconds?: never }
);

export interface JoinSettings {
  readonly withinSeconds: number;
  readonly lateSeconds?: number;
  /** Field path that must be equal on both sides. */
  readonly key?: string;
  readonly soft?: boolean;
}

/** Wires for the inputs of a pipeline; a single input named "input" takes the wire itself, too. */
export type PipelineFeed<Inputs extends Readonly<Record<string, string>>> =
  | { readonly [Name in keyof Inputs]: WireOf<Inputs[Name]> }
  | ([keyof Inputs] extends ["input"] ? WireOf<Inputs["input"]> : never);

/**
 * Adds steps to a graph. Every method returns the wire of what the step makes. Wires are typed by what they carry,
 * so a step fed with something else does not compile. Throws SG_GRAPH_INVALID for a wire of another body.
 */
export interface GraphBuilder {
  /** Runs a transform. */
  step<T extends AnyTransform>(
    id: string,
    transform: T,
    from: FeedOf<T["from"]>,
    ...settings: StepSettings<T>
  ): WireOf<PortTextOf<T["to"]>>;

  /** Runs the body for every item of a stream. */
  map<Item extends string, Out extends string, Using extends NamedWires = Record<never, never>>(
    id: string,
    over: WireOf<`many(${Item})`>,
    build: (
      g: GraphBuilder,
      item: WireOf<Item>,
      using: Using,
    ) => WireOf<Out> & Single<Out, "the body of a map makes one value per item">,
    settings?: MapSettings<Using>,
  ): WireOf<`many(${Out})`>;

  /** Takes the first branch whose condition holds for the value on `on`. */
  switch<On extends string, Inputs extends NamedWires, Out extends string>(
    id: string,
    on: WireOf<On> & Single<On, "a switch looks at a single value">,
    inputs: Inputs,
    settings: SwitchSettings<Inputs, Out>,
  ): WireOf<Out>;

  /** Repeats the body until the condition holds for what it made. */
  loop<Text extends string>(
    id: string,
    from: WireOf<Text> & Single<Text, "a loop works on a single value">,
    build: (g: GraphBuilder, value: WireOf<Text>) => WireOf<NoInfer<Text>>,
    settings: LoopSettings,
  ): WireOf<Text>;

  /** Groups a stream by event time or count. */
  window<Item extends string>(
    id: string,
    over: WireOf<`many(${Item})`>,
    settings: WindowSettings,
  ): WireOf<`many(window(${Item}))`>;

  /** Pairs the items of two streams by event time. */
  join<Left extends string, Right extends string>(
    id: string,
    left: WireOf<`many(${Left})`>,
    right: WireOf<`many(${Right})`>,
    settings: JoinSettings,
  ): WireOf<`many(joined(${Left},${Right}))`>;

  /** Runs another pipeline as one step; its policy comes along. */
  pipeline<Inputs extends Readonly<Record<string, string>>, Out extends string>(
    id: string,
    pipeline: Pipeline<Inputs, Out>,
    from: PipelineFeed<Inputs>,
    settings?: { readonly soft?: boolean },
  ): WireOf<Out>;
}
