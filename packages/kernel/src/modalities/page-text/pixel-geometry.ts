import type { Box, PageTextLine } from "./page-text-schema.ts";

/** Whole pixels for the formats that know no fractions. */
export function roundBox(box: Box): Box {
  return [Math.round(box[0]), Math.round(box[1]), Math.round(box[2]), Math.round(box[3])];
}

/** Smallest box around all; undefined for none. */
export function unionBox(boxes: readonly Box[]): Box | undefined {
  const [first, ...rest] = boxes;
  return rest.reduce<Box | undefined>(
    (all, box) =>
      all && [Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3])],
    first,
  );
}

/** Hundredths of a pixel, without the noise of binary fractions. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100 + 0; // + 0 makes -0 a plain 0
}

/** Baseline of a line from that of its first to that of its last word, as [x0, y0, x1, y1]; undefined when no word knows one. */
export function lineBaseline(line: PageTextLine): Box | undefined {
  const baselines = line.words.flatMap((word) => (word.baseline === undefined ? [] : [word.baseline]));
  const first = baselines[0];
  const last = baselines.at(-1);
  return first === undefined || last === undefined ? undefined : [first[0], first[1], last[2], last[3]];
}

/** BCP 47 shape of an engine's language name ("eng", "chi_sim"), or undefined when it has none. */
export function languageTag(name: string | undefined): string | undefined {
  const tag = name?.replaceAll("_", "-");
  return tag !== undefined && /^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/.test(tag) ? tag : undefined;
}
