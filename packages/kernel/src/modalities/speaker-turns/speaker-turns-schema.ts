import { z } from "zod";
import { firstDisorderOfTurns } from "./check-turns.ts";

const seconds = z.number().nonnegative();

const turnSchema = z.strictObject({
  /** Seconds from the beginning of the recording. */
  startSeconds: seconds,
  /** Later than the start. */
  endSeconds: seconds,
  /** A name that means the same voice throughout the recording: "Speaker 1", or a person's where it is known. */
  speaker: z.string().min(1),
  /** How sure the diariser is, 0-1. */
  confidence: z.number().min(0).max(1).optional(),
});

/** Who speaks when. Turns of two speakers may overlap, as people do. */
export const speakerTurnsSchema = z
  .strictObject({
    /** Length of the recording that was listened to. */
    durationSeconds: seconds,
    /** Model or method that told the speakers apart. */
    diariser: z.string().min(1),
    /** By their starts. */
    turns: z.array(turnSchema).readonly(),
  })
  .check(({ value, issues }) => {
    const disorder = firstDisorderOfTurns(value);
    if (disorder !== undefined) issues.push({ code: "custom", input: value, ...disorder });
  });

export type SpeakerTurn = Readonly<z.infer<typeof turnSchema>>;
export type SpeakerTurns = Readonly<z.infer<typeof speakerTurnsSchema>>;
