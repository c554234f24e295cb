import type { z } from "zod";
import type { CoverageMode } from "./coverage.ts";
import type { Descriptor, InputOf, Port, Ports, PortValue } from "./modality.ts";
import type { RunContext, Rung } from "./run-context.ts";

/** Predicted price of one invocation. */
export interface Cost {
  readonly ms: number;
  readonly usd?: number | undefined;
  readonly joules?: number | undefined;
}

/** A case a transform handles badly (soft: announced as a degradation) or not at all (hard: refused). */
export interface Restriction<Options = unknown> {
  readonly kind: "soft" | "hard";
  readonly note: string;
  when(descriptor: Descriptor, options: Options): boolean;
}

/** State a transform carries from item to item: one per stream, or one per key (camera, patient, pixel block). */
export interface StateSpec<State = unknown> {
  readonly scope: "stream" | "key";
  /** Checks a restored state; it must survive JSON. */
  readonly schema: z.ZodType<State>;
  initial(): State;
}

/**
 * A versioned function from modality to modality. Pure in payload, options and rung, unless it declares state;
 * knows nothing of hardware or HTTP.
 */
export interface Transform<
  From extends Ports = Ports,
  To extends Port = Port,
  Options = unknown,
  OptionsInput = unknown,
  State = unknown,
> {
  readonly kind: "transform";
  /** "<adapter>.<verb>": "ocr.read". */
  readonly id: string;
  /** Semantic version; goes into plan hash and receipt. */
  readonly version: string;
  readonly summary: string;
  readonly from: From;
  readonly to: To;
  readonly options: z.ZodType<Options, OptionsInput>;
  /**
   * "whole": a success means that all of the input was read; the runner counts it.
   * "reported": the transform calls `ctx.coverage` itself; success without it is an error (SG_COVERAGE_MISSING).
   */
  readonly coverage: CoverageMode;
  /** A prior from the input's descriptor; measured costs replace it. */
  cost(descriptor: Descriptor): Cost;
  /** Kinds of information this step cannot carry over, with a weight: { layout: 1 }. */
  readonly loss: Readonly<Record<string, number>>;
  readonly ladder: readonly Rung[];
  readonly restrictions: readonly Restriction<Options>[];
  readonly state?: StateSpec<State> | undefined;
  /** Same input, options and rung give the same output. Only such steps are cached and resumed by digest. */
  readonly deterministic: boolean;
  /** Whether `ctx.fetch` is used; refused in an air-gapped gate. */
  readonly network: boolean;
  /**
   * Hints to the planner: false keeps the transform out of automatic plans (it must be named).
   */
  readonly plannable: boolean;
  run(input: InputOf<From>, context: RunContext<Options, State>): PortValue<To> | Promise<PortValue<To>>;
}

/** Any transform, when its types do not matter. */
export type AnyTransform = Transform<Ports, Port, unknown, unknown, unknown>;
