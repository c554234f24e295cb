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

/** What is read of a Hugging Face `tokenizer.json`; the 100,000 entries are checked as they are taken over. */
const tokenizerFileSchema = z.object({
  model: z.object({
    type: z.literal("BPE"),
    end_of_word_suffix: z.literal(WORD_END),
    vocab: z.custom<Readonly<Record<string, unknown>>>((value) => typeof value === "object" && value !== null),
    merges: z.custom<readonly unknown[]>((value) => Array.isArray(value) && value.length > 0),
  }),
});

/**
 * Reads the vocabulary of a CLIP model from its `tokenizer.json`; takes some 50 ms, once per model.
 * Throws SG_VISION_VOCABULARY.
 */
export function parseClipVocabulary(text: string): ClipVocabulary {
  const { vocab, merges } = readFile(text).model;
  const ids = idsOf(vocab);
  return { ids, ranks: ranksOf(merges), startId: markId(ids, START_MARK), endId: markId(ids, END_MARK) };
}

function readFile(text: string): z.output<typeof tokenizerFileSchema> {
  try {
    return tokenizerFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw fail("SG_VISION_VOCABULARY", "tokenizer.json holds no byte-level BPE vocabulary with word ends", { cause });
  }
}

function idsOf(vocab: Readonly<Record<string, unknown>>): Map<string, number> {
  const ids = new Map<string, number>();
  for (const piece of Object.keys(vocab)) {
    const id = vocab[piece];
    if (typeof id !== "number" || !Number.isInteger(id))
      throw fail("SG_VISION_VOCABULARY", `tokenizer.json: "${piece}" has no number`);
    ids.set(piece, id);
  }
  return ids;
}

/** A merge is "a b", or ["a", "b"] in newer files. */
function ranksOf(merges: readonly unknown[]): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const [rank, merge] of merges.entries()) {
    const pair: unknown = Array.isArray(merge) ? merge.join(" ") : merge;
    if (typeof pair !== "string")
      throw fail("SG_VISION_VOCABULARY", `tokenizer.json: merge ${rank} is no pair of pieces`);
    ranks.set(pair, rank);
  }
  return ranks;
}

function markId(ids: ReadonlyMap<string, number>, mark: string): number {
  const id = ids.get(mark);
  if (id === undefined) throw fail("SG_VISION_VOCABULARY", `tokenizer.json has no ${mark}`);
  return id;
}
