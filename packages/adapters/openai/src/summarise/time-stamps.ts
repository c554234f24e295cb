/** Seconds from the beginning as "[hh:mm:ss]". */
export function stampOf(seconds: number): string {
  return `[${clockOf(seconds)}]`;
}

export function clockOf(seconds: number): string {
  const whole = Math.floor(seconds);
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

export interface CheckedStamps {
  readonly text: string;
  readonly kept: number;
  /** Stamps that were left out, as they stood. */
  readonly invented: readonly string[];
}

const time = String.raw`\d{1,3}:\d\d(?::\d\d)?`;
const several = String.raw`(?:\s*(?:,|;|-|–|to|and)\s*${time}){0,20}`;

/** In square brackets one time, several, or from one to another; in round ones only what has hours, "(15:30)" being a time of day. */
const group = new RegExp(String.raw`\[\s*${time}${several}\s*\]|\(\s*\d{1,3}:\d\d:\d\d${several}\s*\)`, "g");

/**
 * A text without the time stamps that are not in `known`: models invent them as they invent anything. Stamps of minutes and
 * seconds are those of the first hour. What is left is written as "[hh:mm:ss]".
 */
export function checkStamps(text: string, known: ReadonlySet<string>): CheckedStamps {
  const invented: string[] = [];
  let kept = 0;
  const checked = text.replaceAll(group, (found) => {
    const stamps = (found.match(/\d{1,3}:\d\d(?::\d\d)?/g) ?? []).map(normal);
    const real = stamps.filter((stamp) => known.has(stamp));
    invented.push(...stamps.filter((stamp) => !known.has(stamp)));
    kept += real.length;
    return real.join(" ");
  });
  // A space that stood before what is gone, and nothing else of the author's.
  const tidy = invented.length === 0 ? checked : checked.replaceAll(/(\S) +(?=[.,;:!?]|\n|$)/g, "$1");
  return { text: tidy, kept, invented };
}

function normal(stamp: string): string {
  const parts = stamp.split(":");
  return `[${(parts.length === 2 ? ["0", ...parts] : parts).map((part) => part.padStart(2, "0")).join(":")}]`;
}
