import type { Finding } from "./find/finding.ts";
import type { RedactOptions, SensitiveKind } from "./redact-options.ts";

/** What stands in the place of something of a kind. */
function maskOf(kind: SensitiveKind, mask: RedactOptions["mask"]): string {
  return mask === "stars" ? "***" : `[${kind}]`;
}

/** A text with masks in place of what was found; findings in order, none overlapping another. */
export function maskText(text: string, findings: readonly Finding[], mask: RedactOptions["mask"]): string {
  let masked = "";
  let end = 0;
  for (const finding of findings) {
    masked += text.slice(end, finding.start) + maskOf(finding.kind, mask);
    end = finding.end;
  }
  return masked + text.slice(end);
}

/** Findings within a part of the text, by places in that part. */
export function findingsWithin(findings: readonly Finding[], start: number, end: number): readonly Finding[] {
  return findings
    .filter((finding) => finding.start < end && finding.end > start)
    .map(({ kind, ...span }) => ({
      kind,
      start: Math.max(span.start, start) - start,
      end: Math.min(span.end, end) - start,
    }));
}

/** How many of which kind. */
export function countKinds(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
