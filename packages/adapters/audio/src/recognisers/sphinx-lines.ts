import type { TranscriptWord } from "@stargate/kernel";

/** Seconds of a frame. Old programs name the last frame of a word, which lasts until the next one begins. */
const FRAME_SECONDS = 0.01;

/** Words of one utterance; empty for one in which nothing was understood. */
export type Utterance = readonly TranscriptWord[];

/** Puts the lines a pocketsphinx program prints together to utterances. */
export interface SphinxReader {
  /** Utterances that are complete with this line. */
  push(line: string): readonly Utterance[];
  end(): readonly Utterance[];
}

/**
 * Reads what both generations print. The old one: a line of text, then a line "word start end probability" per word; the
 * new one: JSON per utterance, times as "b" (begin) and "d" (duration). Fillers, silences and marks of pronunciation
 * ("can(2)") are left out. `beforeSeconds`: what the program heard before the recording.
 */
export function createSphinxReader({ beforeSeconds = 0 }: { readonly beforeSeconds?: number } = {}): SphinxReader {
  let words: TranscriptWord[] = [];
  const placed = (word: TranscriptWord): TranscriptWord => ({
    ...word,
    startSeconds: round(Math.max(0, word.startSeconds - beforeSeconds)),
    endSeconds: round(Math.max(0, word.endSeconds - beforeSeconds)),
  });
  const utterance = (found: Utterance): readonly Utterance[] => {
    const inside = found.map(placed).filter(({ startSeconds, endSeconds }) => startSeconds < endSeconds);
    return inside.length === 0 ? [] : [inside];
  };
  const flush = (): readonly Utterance[] => {
    const complete = words;
    words = [];
    return utterance(complete);
  };
  return {
    push(line) {
      if (line.startsWith("{")) return [...flush(), ...utterance(readJson(line))];
      const [, text, start, end, probability] = /^(\S+) (\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/.exec(line) ?? [];
      if (text === undefined) return flush();
      const word = toWord(text, Number(start), Number(end) + FRAME_SECONDS, Number(probability));
      if (word !== undefined) words.push(word);
      return [];
    },
    end: flush,
  };
}

interface SphinxJson {
  readonly t?: unknown;
  readonly b?: unknown;
  readonly d?: unknown;
  readonly p?: unknown;
  readonly w?: unknown;
}

function readJson(line: string): Utterance {
  let read: SphinxJson;
  try {
    read = JSON.parse(line) as SphinxJson; // each field is looked at before it is used
  } catch {
    return []; // cut off: the program was stopped
  }
  const entries = Array.isArray(read.w) ? (read.w as readonly SphinxJson[]) : [];
  return entries.flatMap(({ t, b, d, p }) => {
    if (typeof t !== "string" || typeof b !== "number" || typeof d !== "number") return [];
    return toWord(t, b, b + d, typeof p === "number" ? p : 0) ?? [];
  });
}

function toWord(
  text: string,
  startSeconds: number,
  endSeconds: number,
  probability: number,
): TranscriptWord | undefined {
  if (/^[<[+].*[>\]+]$/.test(text)) return undefined;
  // Posteriors of a lattice that is rounded may add up to a little more than 1.
  return {
    text: text.replace(/\(\d+\)$/, ""),
    startSeconds,
    endSeconds,
    probability: Math.min(1, Math.max(0, probability)),
  };
}

/** To a millisecond, which is what is printed. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
