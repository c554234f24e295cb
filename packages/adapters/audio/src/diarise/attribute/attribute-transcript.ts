import type { SpeakerTurns, Transcript, TranscriptSegment } from "@stargate/kernel";
import { createSpeakerLookup } from "./speaker-lookup.ts";
import { splitSegment } from "./split-segment.ts";

/** A transcript that says who speaks. Its text and the times of its words are what they were. */
export function attributeTranscript(transcript: Transcript, { turns }: SpeakerTurns): Transcript {
  const speakerAt = createSpeakerLookup(turns);
  const parts = transcript.segments.flatMap((segment, index) =>
    splitSegment(segment, speakerAt).map((part) => ({
      part,
      // Segments may overlap: a part must not begin after the segment that follows.
      latestStart: transcript.segments[index + 1]?.startSeconds ?? Infinity,
      latestEnd: segment.endSeconds,
    })),
  );
  const segments: TranscriptSegment[] = [];
  for (const { part, latestStart, latestEnd } of parts) {
    const before = segments.at(-1);
    const startSeconds = Math.max(before?.startSeconds ?? 0, Math.min(part.startSeconds, latestStart, latestEnd));
    const endSeconds = Math.max(before?.endSeconds ?? 0, startSeconds, Math.min(part.endSeconds, latestEnd));
    segments.push({ ...part, startSeconds, endSeconds });
  }
  return { ...transcript, segments };
}
