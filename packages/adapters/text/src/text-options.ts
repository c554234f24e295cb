import { parseStrictly } from "@stargate/kernel";
import { z } from "zod";
import { MINILM_ID } from "./models/minilm.ts";

/** Options of the adapter: what the operator decides. */
export const textOptionsSchema = z.strictObject({
  /** Id of the model that embeds: the one this adapter declares, or an export of your own with the same inputs. */
  model: z.string().min(1).default(MINILM_ID),
  /** Tokens the model reads at once, the two that frame a text included. */
  maxTokens: z.int().min(8).max(8192).default(256),
  /** How one vector is made of the token states: their mean (MiniLM), or the state of the first token (BGE). */
  pooling: z.enum(["mean", "first"]).default("mean"),
  /** Whether the model has the input "token_type_ids". */
  tokenTypes: z.boolean().default(true),
});

/** Options of `text.embed`: what the caller decides. */
export const embedOptionsSchema = z.strictObject({
  /**
   * A text of more tokens than the model reads at once. "windows": it is read in parts, and the embedding is made of the
   * states of all of them. "cut": only its beginning is read, as sentence-transformers does. "refuse": it is refused.
   */
  overlong: z.enum(["windows", "cut", "refuse"]).default("windows"),
  /** Keeps the first so many values, for models trained to be cut. Default: all. */
  dimensions: z.int().min(1).optional(),
});

export type TextOptions = Readonly<z.infer<typeof textOptionsSchema>>;
export type TextOptionsInput = Readonly<z.input<typeof textOptionsSchema>>;

/** Throws SG_OPTIONS_INVALID with the nearest key for an unknown one. */
export function parseTextOptions(input: TextOptionsInput): TextOptions {
  return parseStrictly("Options of the text adapter", textOptionsSchema, input);
}
