import { z } from "zod";
import { fail } from "../../vision-errors.ts";
import { byteLetters } from "./byte-letters.ts";
import { createMergeTable, type Merge, type MergeTable } from "./merge-table.ts";

/** Marks at the ends of every text, as the vocabulary spells them. */
export const START_MARK = "<|startoftext|>";
export const END_MARK = "<|endoftext|>";

/** Ends the last piece of a word, so that "cat" and the beginning of "category" are different pieces. */
const WORD_END = "</w>";

/** What a CLIP tokenizer knows; structured-cloneable. */
export interface ClipVocabulary {
  /** Id of the piece that is one byte, 256 of them inside a word and 256 at its end; -1: there is none. */
  readonly byteIds: Int32Array<ArrayBuffer>;
  readonly merges: MergeTable;
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
  return {
    byteIds: Int32Array.from([...byteLetters, ...byteLetters.map((letter) => letter + WORD_END)], (piece) => {
      return ids.get(piece) ?? -1;
    }),
    merges: createMergeTable(merges.map((merge, rank) => mergeOf(merge, rank, ids))),
    startId: markId(ids, START_MARK),
    endId: markId(ids, END_MARK),
  };
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
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > MOST_ID)
      throw fail("SG_VISION_VOCABULARY", `tokenizer.json: "${piece}" has no number`);
    ids.set(piece, id);
  }
  return ids;
}

const MOST_ID = 2 ** 31 - 1;

/** A merge is "a b", or ["a", "b"] in newer files; both, and what they make, are pieces of the vocabulary. */
function mergeOf(merge: unknown, rank: number, ids: ReadonlyMap<string, number>): Merge {
  const parts: readonly unknown[] = typeof merge === "string" ? merge.split(" ") : Array.isArray(merge) ? merge : [];
  const [left, right] = parts;
  if (parts.length === 2 && typeof left === "string" && typeof right === "string") {
    const [leftId, rightId, id] = [ids.get(left), ids.get(right), ids.get(left + right)];
    if (leftId !== undefined && rightId !== undefined && id !== undefined)
      return { left: leftId, right: rightId, id, rank };
  }
  throw fail("SG_VISION_VOCABULARY", `tokenizer.json: merge ${rank} is no pair of pieces of the vocabulary`);
}

function markId(ids: ReadonlyMap<string, number>, mark: string): number {
  const id = ids.get(mark);
  if (id === undefined) throw fail("SG_VISION_VOCABULARY", `tokenizer.json has no ${mark}`);
  return id;
}
