import { z } from "zod";

/** What the notes of a meeting are made of, unless the caller says otherwise. */
const defaultPrompt = `Write notes in Markdown with exactly these sections:

## Summary
Two to five sentences.

## Decisions
One item per decision.

## Action items
One item per task, as "- [ ] owner: task". The owner is who took it on; "nobody" if nobody did.

## Open questions
One item per question that was left open.

Write "None." under a section that has nothing.`;

/** Options of the summaries; `models`: ids, the first is the default. */
export function summariseOptions(models: readonly [string, ...string[]]) {
  return z.strictObject({
    model: z.enum(models).default(models[0]),
    /** What is to be written, in place of notes of a meeting. */
    prompt: z.string().min(1).max(20_000).default(defaultPrompt),
    /** Language of the summary, as a person would say it: "German". Default: that of what is summarised. */
    language: z.string().min(2).max(40).optional(),
    /** Tokens that the model takes, its answer included. */
    contextTokens: z.int().min(1024).max(4_000_000).default(8192),
    /** Longest answer, of a part and of the whole. */
    answerTokens: z.int().min(64).max(100_000).default(1024),
    temperature: z.number().min(0).max(2).default(0),
  });
}

export type SummariseOptions = z.output<ReturnType<typeof summariseOptions>>;
