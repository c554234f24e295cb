import { type Compute, defineTask, type Offload, throwIfCancelled } from "@stargate/kernel";
import { fail } from "../../vision-errors.ts";
import { type ClipTokenizer, createClipTokenizer } from "./clip-tokenizer.ts";
import type { ClipVocabulary } from "./clip-vocabulary.ts";

const FILE = "tokenizer.json";

const readVocabularyTask = defineTask<Blob, ClipVocabulary>({
  base: import.meta.url,
  module: "./read-vocabulary-task",
  export: "readVocabulary",
});

/** What reading takes: the model's files, and a thread that has the time. */
export interface TokenizerReader {
  readonly compute: Compute;
  readonly offload: Offload;
}

/**
 * The tokenizer of a model, read on first use and kept. Runs that ask at once share one reading; when that fails,
 * which may be because the run it was for was cancelled, the next one reads again.
 */
export function createTokenizerCache(
  model: string,
): (reader: TokenizerReader, signal: AbortSignal) => Promise<ClipTokenizer> {
  let reading: Promise<ClipTokenizer> | undefined;
  return async (reader, signal) => {
    for (;;) {
      if (reading === undefined) {
        const own = readTokenizer(model, reader, signal);
        reading = own;
        own.catch(() => (reading = undefined));
        return own;
      }
      const shared = await reading.catch(() => undefined);
      if (shared !== undefined) return shared;
      throwIfCancelled(signal);
    }
  };
}

async function readTokenizer(
  model: string,
  { compute, offload }: TokenizerReader,
  signal: AbortSignal,
): Promise<ClipTokenizer> {
  const file = (await compute.assets(model))[FILE];
  if (file === undefined)
    throw fail("SG_VISION_VOCABULARY", `Model "${model}" has no ${FILE} among its assets`, {
      hint: `Declare ${FILE} as an asset of "${model}".`,
    });
  return createClipTokenizer(await offload(readVocabularyTask, file, { signal }));
}
