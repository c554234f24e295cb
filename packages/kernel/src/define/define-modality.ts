import type { z } from "zod";
import type { Modality } from "../contract/modality.ts";
import { fail } from "../errors/catalog.ts";

/** What `defineModality` takes: a modality with defaults left out. */
export type ModalityInit<S extends z.ZodType, Id extends string, Measure extends string> = Omit<
  Modality<z.output<S>, Id, Measure>,
  "kind" | "schema" | "measureOf" | "describe"
> & {
  readonly schema: S;
  measureOf?(value: z.output<S>): number | undefined;
  describe?(value: z.output<S>): ReturnType<Modality["describe"]>;
};

const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Declares a modality. Pure: checks the definition, fills defaults, freezes.
 * Throws SG_DEFINE_INVALID.
 * @example
 * const temperature = defineModality({ id: "temperature", summary: "One reading", schema: z.strictObject({ celsius: z.number() }), measure: "none", codecs: {} });
 */
export function defineModality<S extends z.ZodType, const Id extends string, const Measure extends string>(
  init: ModalityInit<S, Id, Measure>,
): Modality<z.output<S>, Id, Measure> {
  if (!idPattern.test(init.id)) throw fail("SG_DEFINE_INVALID", `Modality id "${init.id}" is not kebab-case`);
  for (const mediaType of Object.keys(init.codecs)) {
    if (!/^[a-z]+\/[a-z0-9.+*-]+$/.test(mediaType))
      throw fail(
        "SG_DEFINE_INVALID",
        `Modality "${init.id}": "${mediaType}" is not a media type in lower case without parameters`,
      );
  }
  if (init.measure !== "none" && init.measureOf === undefined)
    throw fail("SG_DEFINE_INVALID", `Modality "${init.id}" has measure "${init.measure}" but no measureOf`);
  return Object.freeze({
    measureOf: () => undefined,
    describe: () => ({}),
    ...init,
    kind: "modality",
  }) as Modality<z.output<S>, Id, Measure>; // the spread loses the literal types, not the values
}
