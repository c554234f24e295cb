import type { Compute } from "@stargate/kernel";
import { fail } from "../text-errors.ts";
import { parseVocabulary, type Vocabulary } from "./vocabulary.ts";

const FILE = "vocab.txt";

/**
 * Gives the vocabulary of a model. Read once: the file is pinned with the model, and 30,000 tokens take milliseconds.
 * Throws SG_TEXT_VOCABULARY and what the compute plane throws; a failure is not kept.
 */
export function createVocabularySource(model: string): (compute: Compute) => Promise<Vocabulary> {
  let known: Vocabulary | undefined;
  return async (compute) => {
    if (known !== undefined) return known;
    const file = (await compute.assets(model))[FILE];
    if (file === undefined) throw fail("SG_TEXT_VOCABULARY", `Model "${model}" comes without "${FILE}"`);
    known = parseVocabulary(model, await file.text());
    return known;
  };
}
