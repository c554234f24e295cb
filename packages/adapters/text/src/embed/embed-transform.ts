import { createEmbedding, defineTransform, embedding, text } from "@stargate/kernel";
import { fail } from "../text-errors.ts";
import { embedOptionsSchema, type TextOptions } from "../text-options.ts";
import { createVocabularySource } from "../tokenizer/vocabulary-source.ts";
import { tokensOf } from "../tokenizer/word-piece.ts";
import { createStatePool } from "./pool-states.ts";
import { tokenTensors } from "./token-tensors.ts";
import { inGroups, type TokenWindow, windowsOf } from "./windows.ts";

/** Windows per model call: bounds the memory of a long text, and how long an abort is not looked at. */
const WINDOWS_PER_CALL = 8;

/** [CLS] and [SEP]. */
const FRAME_TOKENS = 2;

/** A prior for MiniLM on one CPU core: about 10 tokens a millisecond, about 4 characters a token. */
const MS_PER_CHARACTER = 0.025;

/**
 * `text.embed`: a text as a direction in a model's space. Token states of a BERT model, pooled and normalised as
 * sentence-transformers does it (Reimers and Gurevych, arXiv:1908.10084).
 */
export function createEmbedTransform({ model, maxTokens, pooling, tokenTypes }: TextOptions) {
  const vocabularyOf = createVocabularySource(model);
  return defineTransform({
    id: "text.embed",
    version: "1.0.0",
    summary: "Turns a text into an embedding",
    from: text,
    to: embedding,
    options: embedOptionsSchema,
    coverage: "reported",
    cost: ({ characters }) => ({ ms: 2 + MS_PER_CHARACTER * Number(characters ?? 0) }),
    // The rung is named after the space: what clients ask embeddings of by name.
    ladder: [{ name: model, model }],
    // Half of what other towers lose on a text: they read only its beginning.
    loss: { content: 0.5 },
    async run(input, context) {
      const { overlong, dimensions } = context.options;
      const vocabulary = await vocabularyOf(context.compute);
      const windows = windowsOf(tokensOf(input, vocabulary), {
        maxTokens: maxTokens - FRAME_TOKENS,
        keepWords: overlong === "windows",
      });
      const { readable, isCut } = overlong === "windows" ? { readable: windows, isCut: false } : firstOf(windows);
      if (isCut && overlong === "refuse")
        throw fail(
          "SG_INPUT_TOO_LARGE",
          `The text has more than the ${maxTokens} tokens that "${model}" reads at once`,
          {
            hint: 'Send a shorter text, or set overlong: "windows" or "cut".',
          },
        );
      const pool = createStatePool(model, pooling);
      let [tokens, windowCount, end] = [0, 0, 0];
      for (const group of inGroups(readable, WINDOWS_PER_CALL)) {
        context.signal.throwIfAborted();
        const { inputs, lengths } = tokenTensors(group, vocabulary, { maxTokens, tokenTypes });
        pool.add(await context.compute.run(model, inputs), lengths);
        tokens += lengths.reduce((sum, length) => sum + length, 0);
        windowCount += group.length;
        end = group.at(-1)?.end ?? end;
        context.progress(end, input.length);
      }
      const missing = {
        what: `characters ${end + 1}-${input.length}`,
        reason: `"${model}" reads ${maxTokens} tokens at once`,
      };
      context.coverage(
        isCut ? { done: end, of: input.length, missing: [missing] } : { done: input.length, of: input.length },
      );
      if (isCut) context.degrade({ what: `the first ${end} of ${input.length} characters`, reason: missing.reason });
      context.disclose({ tokens, windows: windowCount });
      context.meter({ unit: "token", quantity: tokens });
      return createEmbedding({ model, vector: pool.mean(), dimensions });
    },
  });
}

/** The first window, and whether there are more. */
function firstOf(windows: Iterator<TokenWindow, void>): {
  readonly readable: readonly TokenWindow[];
  readonly isCut: boolean;
} {
  const first = windows.next();
  return { readable: first.done === true ? [] : [first.value], isCut: windows.next().done !== true };
}
