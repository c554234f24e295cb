import { fail } from "@stargate/kernel/backend";
import { z } from "zod";

/** Pieces of text by number. Bytes are strings of characters U+0000 to U+00FF. */
export interface Vocabulary {
  /** Pieces that stand for text, special ones left out. */
  readonly size: number;
  rankOf(bytes: string): number | undefined;
  /** Empty for an id of no text. */
  bytesOf(id: number): string;
}

function createVocabulary(ranks: ReadonlyMap<string, number>): Vocabulary {
  const pieces: string[] = [];
  for (const [bytes, rank] of ranks) pieces[rank] = bytes;
  return { size: pieces.length, rankOf: (bytes) => ranks.get(bytes), bytesOf: (id) => pieces[id] ?? "" };
}

/** Reads openai/whisper's own form: a line per piece, base64 of its bytes and its number. Throws SG_COMPUTE_MODEL. */
export function parseTiktoken(text: string): Vocabulary {
  const ranks = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const [base64 = "", rank = ""] = line.split(" ");
    if (!/^\d+$/.test(rank.trim())) throw fail("SG_COMPUTE_MODEL", `"${line.slice(0, 40)}" is no line of a vocabulary`);
    ranks.set(Buffer.from(base64, "base64").toString("latin1"), Number(rank));
  }
  return createVocabulary(ranks);
}

const tokenizerSchema = z.object({
  model: z.object({ vocab: z.record(z.string(), z.int()) }),
  added_tokens: z.array(z.object({ id: z.int(), content: z.string() })),
});

/** Reads the `tokenizer.json` of an export: byte-level BPE, special pieces after all others. Throws SG_COMPUTE_MODEL. */
export function parseTokenizerJson(text: string): Vocabulary {
  const { model, added_tokens } = parseTokenizer(text);
  const firstSpecial = Math.min(...added_tokens.map(({ id }) => id));
  const pieces = Object.entries(model.vocab).filter(([, id]) => id < firstSpecial);
  return createVocabulary(new Map(pieces.map(([letters, id]) => [bytesOfLetters(letters), id])));
}

function parseTokenizer(text: string): z.infer<typeof tokenizerSchema> {
  try {
    return tokenizerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw fail("SG_COMPUTE_MODEL", "tokenizer.json is none of a byte-level vocabulary", { cause });
  }
}

/**
 * Byte-level vocabularies spell each byte with a visible letter (GPT-2 `encoder.py`, `bytes_to_unicode`): printable
 * Latin-1 characters stand for themselves, all other bytes for U+0100 and the following.
 */
const byteByLetter = new Map<string, string>();
for (let byte = 0, next = 0x100; byte < 256; byte++) {
  const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  byteByLetter.set(String.fromCharCode(isPrintable ? byte : next++), String.fromCharCode(byte));
}

function bytesOfLetters(letters: string): string {
  return Array.from(letters, (letter) => byteByLetter.get(letter) ?? "").join("");
}
