import type { SensitiveKind } from "../redact-options.ts";

/** Something to be replaced: characters `start` to `end` (UTF-16, the end not included). */
export interface Finding {
  readonly kind: SensitiveKind;
  readonly start: number;
  readonly end: number;
}

/** In order, none overlapping another: of those that overlap nothing is left over, and the first in the list names the kind. */
export function joinFindings(findings: readonly Finding[]): readonly Finding[] {
  const joined: { finding: Finding; rank: number }[] = [];
  for (const [rank, finding] of [...findings.entries()].toSorted(
    ([, a], [, b]) => a.start - b.start || b.end - a.end,
  )) {
    const before = joined.at(-1);
    if (before === undefined || finding.start >= before.finding.end) {
      joined.push({ finding, rank });
      continue;
    }
    const first = rank < before.rank ? finding : before.finding;
    const end = Math.max(before.finding.end, finding.end);
    joined[joined.length - 1] = {
      finding: { kind: first.kind, start: before.finding.start, end },
      rank: Math.min(rank, before.rank),
    };
  }
  return joined.map(({ finding }) => finding);
}
