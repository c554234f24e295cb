import type { ClipVocabulary } from "./clip-vocabulary.ts";
import { mergeWord } from "./merge-word.ts";
import { splitWords, type Word } from "./split-words.ts";

/** The longest piece of the vocabulary stands for 32 bytes: what lies further back than this is never reached. */
const MAX_BYTES_PER_TOKEN = 48;

/** Why a text was not read to its end: it is longer than the model's context, or goes on behind an end mark. */
export type CutReason = "context" | "end-mark";

export interface ClipTokens {
  /** Start mark, pieces of words, end mark. */
  readonly ids: readonly number[];
  /** UTF-16 code units of the text that the ids up to the first end mark stand for. */
  readonly charactersRead: number;
  readonly cut?: CutReason | undefined;
}

/** Turns texts into ids. */
export interface ClipTokenizer {
  readonly endId: number;
  /** At most `maxTokens` ids: a text that is too long loses its end and keeps the end mark. */
  encode(text: string, maxTokens: number): ClipTokens;
}

/** A piece of a word with the bytes of the word up to its end. */
interface Token {
  readonly id: number;
  readonly word: Word;
  readonly wordBytesRead: number;
}

/**
 * The tokenizer of CLIP: byte-level BPE with word ends, lower case (openai/CLIP `simple_tokenizer.py`). Gives the ids
 * that the tokenizers library gives for the same `tokenizer.json`.
 * @example
 * createClipTokenizer(vocabulary).encode("a photo of a cat", 77).ids; // [49406, 320, 1125, 539, 320, 2368, 49407]
 */
export function createClipTokenizer(vocabulary: ClipVocabulary): ClipTokenizer {
  const { startId, endId } = vocabulary;
  return {
    endId,
    encode(text, maxTokens) {
      const ids = [startId];
      let lastRead: Token | undefined;
      let cut: CutReason | undefined;
      for (const token of tokensOf(text, vocabulary, maxTokens * MAX_BYTES_PER_TOKEN)) {
        // Text towers answer with what they know at the first end mark, so nothing behind it counts.
        if (lastRead?.id === endId) cut = "end-mark";
        else if (ids.length < maxTokens - 1) lastRead = token;
        if (ids.length === maxTokens - 1) {
          cut ??= "context";
          break;
        }
        ids.push(token.id);
      }
      ids.push(endId);
      return cut === undefined ? { ids, charactersRead: text.length } : { ids, charactersRead: endOf(lastRead), cut };
    },
  };
}

/** Lazy: a reader that has enough stops the work. */
function* tokensOf(text: string, vocabulary: ClipVocabulary, maxBytes: number): Generator<Token> {
  for (const word of splitWords(text, maxBytes)) {
    if (word.markId !== undefined) {
      yield { id: vocabulary[word.markId], word, wordBytesRead: word.text.length };
      continue;
    }
    let wordBytesRead = 0;
    for (const { id, byteLength } of mergeWord(word.text, vocabulary, maxBytes)) {
      wordBytesRead += byteLength;
      yield { id, word, wordBytesRead };
    }
  }
}

/** Where a token ends in the text; a character of which only some bytes were read counts as not read. */
function endOf(token: Token | undefined): number {
  if (token === undefined) return 0;
  const { word, wordBytesRead } = token;
  const read = new TextDecoder().decode(new TextEncoder().encode(word.text).subarray(0, wordBytesRead), {
    stream: true,
  });
  return Math.max(0, word.endCharacters - (word.text.length - read.length));
}
