import { z } from "zod";
import type { CoverageMode } from "../contract/coverage.ts";
import type { AnyModality, Many, Modality, Port, Ports } from "../contract/modality.ts";
import type { Rung } from "../contract/run-context.ts";
import type { StateSpec, Transform } from "../contract/transform.ts";
import { fail } from "../errors/catalog.ts";

/** Measure literals of the ports of a transform, "none" left out. */
type MeasureOf<P> =
  P extends Many<infer M>
    ? MeasureOf<M>
    : P extends Modality<infer _T, infer _Id, infer Measure>
      ? Exclude<Measure, "none">
      : P extends Readonly<Record<string, Port>>
        ? { [K in keyof P]: MeasureOf<P[K]> }[keyof P]
        : never;

/** Measurable input makes `coverage` a required field: nobody forgets to say how complete an answer is. */
type CoverageField<From> = [MeasureOf<From>] extends [never]
  ? { readonly coverage?: CoverageMode }
  : { readonly coverage: CoverageMode };

/** What `defineTransform` takes: a transform with defaults left out. */
export type TransformInit<From extends Ports, To extends Port, S extends z.ZodType, State> = CoverageField<From> &
  Pick<Transform<From, To, z.output<S>, z.input<S>, State>, "id" | "version" | "summary" | "from" | "to" | "run"> &
  Partial<
    Pick<
      Transform<From, To, z.output<S>, z.input<S>, State>,
      "cost" | "loss" | "restrictions" | "deterministic" | "network" | "plannable"
    >
  > & {
    readonly options?: S;
    readonly state?: StateSpec<State>;
    readonly ladder?: readonly (Partial<Rung> & Pick<Rung, "name">)[];
  };

const noOptions = z.strictObject({});
const bestRung: Rung = Object.freeze({ name: "default", quality: 1 });

/**
 * Declares a transform. Pure: checks the definition, fills defaults, freezes.
 * `coverage` is required as soon as an input modality has a measure. Throws SG_DEFINE_INVALID.
 * @example
 * const shout = defineTransform({ id: "demo.shout", version: "1.0.0", summary: "Upper case", from: text, to: text, coverage: "whole", run: (input) => input.toUpperCase() });
 */
export function defineTransform<
  const From extends Ports,
  To extends Port,
  S extends z.ZodType = typeof noOptions,
  State = undefined,
>(init: TransformInit<From, To, S, State>): Transform<From, To, z.output<S>, z.input<S>, State> {
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(init.id))
    throw fail("SG_DEFINE_INVALID", `Transform id "${init.id}" is not "<adapter>.<verb>" in kebab-case`);
  if (!/^\d+\.\d+\.\d+$/.test(init.version))
    throw fail("SG_DEFINE_INVALID", `Transform "${init.id}": version "${init.version}" is not major.minor.patch`);
  const ladder = init.ladder?.map((rung): Rung => ({ quality: 1, ...rung })) ?? [bestRung];
  if (ladder.length === 0)
    throw fail("SG_DEFINE_INVALID", `Transform "${init.id}": the ladder needs at least one rung`);
  if (init.coverage === undefined && measuredPorts(init.from).length > 0) {
    throw fail(
      "SG_DEFINE_INVALID",
      `Transform "${init.id}" reads a measured modality and does not say how it covers it`,
      { hint: 'Set coverage: "whole" or "reported".' },
    );
  }
  return Object.freeze({
    options: noOptions,
    coverage: "whole",
    cost: () => ({ ms: 1 }),
    loss: {},
    restrictions: [],
    deterministic: true,
    network: false,
    plannable: true,
    ...init,
    ladder,
    kind: "transform",
  }) as unknown as Transform<From, To, z.output<S>, z.input<S>, State>; // defaults stand for the fields left out
}

/** Modalities with a measure among the inputs, by port name ("" for a single port). */
function measuredPorts(from: Ports): readonly { readonly port: string; readonly modality: AnyModality }[] {
  return portEntries(from)
    .map(([port, value]) => ({ port, modality: value.kind === "many" ? value.item : value }))
    .filter(({ modality }) => modality.measure !== "none");
}

/** Ports of a transform's input by name; a single unnamed port has the name "". */
export function portEntries(from: Ports): readonly (readonly [string, Port])[] {
  return isPort(from) ? [["", from]] : Object.entries(from);
}

/** Whether `from` is one unnamed port rather than a record of named ones. */
export function isPort(from: Ports): from is Port {
  return from.kind === "modality" || from.kind === "many";
}
