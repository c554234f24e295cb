import { fail, type ModelPart, type ModelProgramContext } from "@stargate/kernel/backend";
import { z } from "zod";
import type { AlignmentHead } from "../alignment/attention-matrix.ts";
import { requirePart } from "../model/decoder-parts.ts";
import { openWhisperDecoder, type WhisperDecoder } from "../model/whisper-decoder.ts";
import { parseTiktoken, parseTokenizerJson, type Vocabulary } from "../text/vocabulary.ts";
import { createWhisperTokenizer, type WhisperTokenizer } from "../text/whisper-tokenizer.ts";

/** A loaded Whisper, apart from its encoder: what all its runs have in common. */
export interface PreparedWhisper {
  readonly decoder: WhisperDecoder;
  readonly tokenizer: WhisperTokenizer;
  /** Empty: it cannot tell the times of words. */
  readonly heads: readonly AlignmentHead[];
  /** Bands that its encoder takes, as its declaration says. */
  readonly mels: number;
}

const optionsSchema = z.strictObject({
  /** Heads of the decoder that follow the sound, by layer and number. Absent: no times of words. */
  alignmentHeads: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).default([]),
  /** Bands that the encoder takes; looked at where the encoder is another model. */
  mels: z.int().positive().default(80),
});

const prepared = new WeakMap<object, Promise<PreparedWhisper>>();

/** Made once for each loaded model. Throws SG_COMPUTE_MODEL. */
export function prepareWhisper({ parts, files, options }: ModelProgramContext): Promise<PreparedWhisper> {
  let made = prepared.get(parts);
  if (made === undefined) {
    made = prepare(parts, files, options);
    prepared.set(parts, made);
  }
  return made;
}

async function prepare(
  parts: Readonly<Record<string, ModelPart>>,
  files: Readonly<Record<string, Blob>>,
  options: ModelProgramContext["options"],
): Promise<PreparedWhisper> {
  const vocabulary = await readVocabulary(files);
  const logits = requirePart(parts, "decoder").signature.outputs.find(({ name }) => name === "logits");
  const outputs = logits?.shape.at(-1);
  if (typeof outputs !== "number") throw fail("SG_COMPUTE_MODEL", "The decoder does not say how many logits it gives");
  const decoder = openWhisperDecoder(parts);
  const { alignmentHeads, mels } = optionsSchema.parse(options);
  return {
    decoder,
    tokenizer: createWhisperTokenizer(vocabulary, outputs),
    // An export without attention, or with that of fewer layers, cannot tell the times of words.
    heads: alignmentHeads.every(([layer]) => decoder.attentionLayers.has(layer)) ? alignmentHeads : [],
    mels,
  };
}

async function readVocabulary(files: Readonly<Record<string, Blob>>): Promise<Vocabulary> {
  const find = (ending: string): Blob | undefined => Object.entries(files).find(([name]) => name.endsWith(ending))?.[1];
  const tiktoken = find(".tiktoken");
  if (tiktoken !== undefined) return parseTiktoken(await tiktoken.text());
  const json = find("tokenizer.json");
  if (json !== undefined) return parseTokenizerJson(await json.text());
  throw fail("SG_COMPUTE_MODEL", "A Whisper model comes with its vocabulary: a .tiktoken file or a tokenizer.json", {
    hint: "Add the file to the files of the model.",
  });
}
