import type { SpeakerTurn } from "@stargate/kernel";

/**
 * Who speaks most between two times; undefined where nobody does. Turns by their starts, as `speaker-turns` has them. A look
 * takes O(log turns) and what overlaps.
 */
export function createSpeakerLookup(
  turns: readonly SpeakerTurn[],
): (startSeconds: number, endSeconds: number) => string | undefined {
  /** Latest end of all turns up to each: never decreases, so that the first that may overlap is found by halving. */
  const latestEnds: number[] = [];
  for (const { endSeconds } of turns) latestEnds.push(Math.max(latestEnds.at(-1) ?? 0, endSeconds));
  const firstAfter = (seconds: number): number => {
    let low = 0;
    let high = turns.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((latestEnds[middle] ?? 0) > seconds) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return (startSeconds, endSeconds) => {
    const overlaps = new Map<string, number>();
    for (let index = firstAfter(startSeconds); index < turns.length; index++) {
      const turn = turns[index];
      if (turn === undefined || turn.startSeconds >= endSeconds) break;
      const overlap = Math.min(endSeconds, turn.endSeconds) - Math.max(startSeconds, turn.startSeconds);
      if (overlap > 0) overlaps.set(turn.speaker, (overlaps.get(turn.speaker) ?? 0) + overlap);
    }
    let speaker: string | undefined;
    for (const [name, overlap] of overlaps)
      if (speaker === undefined || overlap > (overlaps.get(speaker) ?? 0)) speaker = name;
    return speaker;
  };
}
