import { fail } from "../text-errors.ts";

/** Tokens of a WordPiece model by their text; a piece that continues a word begins with "##". */
export interface Vocabulary {
  readonly ids: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** Begins and ends what the model reads. */
  readonly classifyId: number;
  readonly separatorId: number;
  readonly padId: number;
  /** Names that are tokens when they are written out in a text. */
  readonly specials: readonly string[];
}

/** BERT's own, in the spelling of bert-base-uncased. */
const SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** Reads `vocab.txt`: one token per line, its number counted from 0. Throws SG_TEXT_VOCABULARY. */
export function parseVocabulary(model: string, file: string): Vocabulary {
  const lines = file.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const ids = new Map(lines.map((token, id) => [token, id]));
  const idOf = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined)
      throw fail("SG_TEXT_VOCABULARY", `The vocabulary of model "${model}" has ${ids.size} tokens and no "${token}"`);
    return id;
  };
  return {
    ids,
    unknownId: idOf("[UNK]"),
    classifyId: idOf("[CLS]"),
    separatorId: idOf("[SEP]"),
    padId: idOf("[PAD]"),
    specials: SPECIALS.filter((token) => ids.has(token)),
  };
}
