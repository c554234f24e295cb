import type { AnyTransform } from "@stargate/kernel";
import { z } from "zod";

/**
 * Options that transforms to `transcript` have by convention: `language` (BCP 47), `task` ("transcribe" or "translate"),
 * `words` (times of words), `prompt`, `temperature`, and `lookAheadSeconds` (0 for live sound).
 */
export type TranscribeOption = "language" | "translate" | "words" | "prompt" | "temperature" | "lookAheadSeconds";

const plain = ["language", "words", "prompt", "temperature", "lookAheadSeconds"] as const;

const optionsSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) });
const taskSchema = z.looseObject({ enum: z.array(z.unknown()) });

/** Which of the usual options a transform takes. */
export function optionsOf({ options }: AnyTransform): ReadonlySet<TranscribeOption> {
  const { properties } = optionsSchema.parse(z.toJSONSchema(options, { io: "input", unrepresentable: "any" }));
  const task = taskSchema.safeParse(properties["task"]);
  return new Set<TranscribeOption>([
    ...plain.filter((name) => Object.hasOwn(properties, name)),
    ...(task.success && task.data.enum.includes("translate") ? (["translate"] as const) : []),
  ]);
}
