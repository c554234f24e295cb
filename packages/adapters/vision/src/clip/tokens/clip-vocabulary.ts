import { z } from "zod";
import { fail } from "../../vision-errors.ts";

/** Marks at the ends of every text, as the vocabulary spells them. */
export const START_MARK = "<|startoftext|>";
export const END_MARK = "<|endoftext|>";

/** Ends the last piece of a word, so that "cat" and the beginning of "category" are different pieces. */
export const WORD_END = "</w>";

/** What a CLIP tokenizer knows. */
export interface ClipVocabulary {
  /** Ids of pieces, spelt in byte letters. */
  readonly ids: ReadonlyMap<string, number>;
  /** Rank of a merge of two pieces, by "left right"; lower ranks are merged first. */
  readonly ranks: ReadonlyMap<string, number>;
  readonly startId: number;
  readonly endId: number;
}

/** The parts of a Hugging Face `tokenizer.json` that are read here. Merges are "a b", or ["a", "b"] in newer files. */
const tokenizerFileSchema = z.object({
  model: z.object({
    type: z.literal("BPE"),
    end_of_word_suffix: z.literal(WORD_END),
    // Checked as a whole: one check per entry would take longer than reading the file.
    vocab: z.custom<Readonly<Record<string, number>>>(isVocabulary),
    merges: z.custom<readonly (string | readonly string[])[]>(isMergeList),
  }),
});

/** Reads the vocabulary of a CLIP model from its `tokenizer.json`. Throws SG_VISION_VOCABULARY. */
export function parseClipVocabulary(text: string): ClipVocabulary {
  const { vocab, merges } = readFile(text).model;
  const [startId, endId] = [vocab[START_MARK], vocab[END_MARK]];
  if (startId === undefined || endId === undefined)
    throw fail("SG_VISION_VOCABULARY", `tokenizer.json has no ${startId === undefined ? START_MARK : END_MARK}`);
  return {
    ids: new Map(Object.entries(vocab)),
    ranks: new Map(merges.map((merge, rank) => [typeof merge === "string" ? merge : merge.join(" "), rank])),
    startId,
    endId,
  };
}

function isVocabulary(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.values(value).every(Number.isInteger);
}

function isMergeList(value: unknown): boolean {
  const isMerge = (merge: unknown): boolean =>
    typeof merge === "string" || (Array.isArray(merge) && merge.length === 2);
  return Array.isArray(value) && value.length > 0 && value.every(isMerge);
}

function readFile(text: string): z.output<typeof tokenizerFileSchema> {
  try {
    return tokenizerFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw fail("SG_VISION_VOCABULARY", "tokenizer.json holds no byte-level BPE vocabulary with word ends", { cause });
  }
}
