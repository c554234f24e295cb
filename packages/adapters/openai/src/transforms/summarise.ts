import { type AnyTransform, defineTransform, text, type Transcript, transcript } from "@stargate/kernel";
import { textLines, transcriptLines } from "../summarise/source-line.ts";
import { summarise } from "../summarise/summarise.ts";
import { summariseOptions } from "../summarise/summarise-options.ts";
import { clockOf } from "../summarise/time-stamps.ts";

/**
 * `openai.summarise`: transcript -> text, notes of a meeting in Markdown with the times at which things were said; and
 * `openai.summarise-text` for any text. `models`: ids, the first is the default.
 */
export function summariseTransforms(models: readonly string[]): readonly AnyTransform[] {
  const [first, ...others] = models;
  if (first === undefined) return [];
  const shared = {
    version: "1.0.0",
    options: summariseOptions([first, ...others]),
    coverage: "reported",
    loss: { wording: 1, detail: 1 },
    deterministic: false,
    plannable: false, // nobody's words are shortened unasked
  } as const;
  const ofTranscript = defineTransform({
    ...shared,
    id: "openai.summarise",
    summary: "Notes of a recording by a chat model: decisions, tasks, open questions, with the times they were said at",
    from: transcript,
    to: text,
    cost: ({ characters }) => ({ ms: 5000 + Number(characters ?? 0) }),
    run: (input, context) =>
      summarise(
        {
          lines: transcriptLines(input),
          facts: { what: "the transcript of a recording", hasStamps: true, language: languageOf(input) },
          of: input.durationSeconds,
          place: clockOf,
        },
        context,
      ),
  });
  const ofText = defineTransform({
    ...shared,
    id: "openai.summarise-text",
    summary: "Notes of a text by a chat model, however long it is",
    from: text,
    to: text,
    cost: ({ characters }) => ({ ms: 5000 + Number(characters ?? 0) }),
    run: (input, context) =>
      summarise(
        {
          lines: textLines(input),
          facts: { what: "a text", hasStamps: false, language: undefined },
          of: input.length,
          place: (at) => `character ${Math.round(at)}`,
        },
        context,
      ),
  });
  return [ofTranscript as AnyTransform, ofText as AnyTransform];
}

/** The English name of the language of the text; undefined where nobody knows. */
function languageOf({ language, task }: Transcript): string | undefined {
  if (task === "translate") return "English";
  if (language === "und") return undefined;
  try {
    return new Intl.DisplayNames("en", { type: "language", fallback: "none" }).of(language);
  } catch {
    return undefined; // no language code
  }
}
