import type { TaskContext } from "@stargate/kernel";
import { type ClipVocabulary, parseClipVocabulary } from "./clip-vocabulary.ts";

/** Reads a `tokenizer.json`. Throws SG_VISION_VOCABULARY. */
export async function readVocabulary(source: Blob, { transfer }: TaskContext): Promise<ClipVocabulary> {
  const vocabulary = parseClipVocabulary(await source.text());
  transfer([vocabulary.byteIds.buffer, vocabulary.merges.places.buffer]);
  return vocabulary;
}
