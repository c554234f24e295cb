import type { Transcript, TranscriptSegment } from "@stargate/kernel";
import { findSensitive } from "./find/find-sensitive.ts";
import type { Finding } from "./find/finding.ts";
import { countKinds, findingsWithin, maskText } from "./mask.ts";
import type { RedactOptions } from "./redact-options.ts";
import { redactWords } from "./redact-words.ts";

export interface RedactedTranscript {
  readonly transcript: Transcript;
  /** How many of which kind were replaced. */
  readonly replaced: Readonly<Record<string, number>>;
}

/** A segment and where its text, spaces around it left out, stands in the whole. */
interface Placed {
  readonly segment: TranscriptSegment;
  readonly start: number;
  readonly end: number;
}

/**
 * A transcript with masks in its text, its segments and its words alike, times unchanged. What is said across two segments
 * is masked in both. Token ids of segments with a mask are left out: they are the text in another spelling.
 */
export function redactTranscript(transcript: Transcript, options: RedactOptions): RedactedTranscript {
  const { text, placed } = placeSegments(transcript);
  const findings = findSensitive(text, options);
  const parts: Finding[] = [];
  let outside = 0;
  const clip = (start: number, end: number): void => {
    for (const part of findingsWithin(findings, start, end))
      parts.push({ ...part, start: part.start + start, end: part.end + start });
  };
  const segments = placed.map(({ segment, start, end }) => {
    clip(outside, start); // text that is in no segment
    clip(start, end);
    outside = Math.max(outside, end);
    return redactSegment(segment, findingsWithin(findings, start, end), options);
  });
  clip(outside, text.length);
  const masked = maskText(
    text,
    parts.filter(({ start, end }) => text.slice(start, end).trim() !== ""),
    options.mask,
  );
  return { transcript: { ...transcript, text: masked, segments }, replaced: countKinds(findings) };
}

function redactSegment(
  segment: TranscriptSegment,
  found: readonly Finding[],
  options: RedactOptions,
): TranscriptSegment {
  const { tokens, words, ...rest } = segment;
  const lead = segment.text.length - segment.text.trimStart().length;
  const findings = found.map(({ kind, start, end }) => ({ kind, start: start + lead, end: end + lead }));
  return {
    ...rest,
    text: maskText(segment.text, findings, options.mask),
    ...(words !== undefined && { words: redactWords(words, segment.text, { findings, options }) }),
    ...(tokens !== undefined && findings.length === 0 && { tokens }),
  };
}

/** Finds the segments in the whole text; where they are not, the whole text is put together of them. */
function placeSegments({ text, segments }: Transcript): { readonly text: string; readonly placed: readonly Placed[] } {
  const placed = placeIn(text, segments);
  if (placed !== undefined) return { text, placed };
  const joined = segments.map((segment) => segment.text.trim()).join(" ");
  return { text: joined, placed: placeIn(joined, segments) ?? [] };
}

function placeIn(text: string, segments: readonly TranscriptSegment[]): readonly Placed[] | undefined {
  const placed: Placed[] = [];
  let end = 0;
  for (const segment of segments) {
    const spoken = segment.text.trim();
    const start = text.indexOf(spoken, end);
    if (start < 0) return undefined;
    end = start + spoken.length;
    placed.push({ segment, start, end });
  }
  return placed;
}
