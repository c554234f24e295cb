import { TIMESTAMP_SECONDS } from "../decoding/logit-rules.ts";
import type { WindowResult, WindowSegment } from "./window-result.ts";

export interface SplitWindow extends Pick<WindowResult, "advanceFrames" | "endsOpen"> {
  readonly segments: readonly WindowSegment[];
}

interface SplitOptions {
  readonly timestampBegin: number;
  /** Frames of the window that belong to the recording. */
  readonly contentFrames: number;
  readonly decode: (tokens: readonly number[]) => string;
}

const FRAMES_PER_TIMESTAMP = 2;
const FRAME_SECONDS = 0.01;

/**
 * Cuts what was said in a window into segments, between two timestamps that follow one another, and says where the next
 * window begins: at the last of those timestamps, or after this window when nothing was cut off (openai/whisper
 * `transcribe.py`).
 */
export function splitWindow(
  tokens: readonly number[],
  { timestampBegin, contentFrames, decode }: SplitOptions,
): SplitWindow {
  const isTimestamp = (token: number | undefined): boolean => token !== undefined && token >= timestampBegin;
  const steps = (token: number | undefined): number => (token ?? timestampBegin) - timestampBegin;
  const endsOpen = tokens.length > 1 && !isTimestamp(tokens.at(-2)) && isTimestamp(tokens.at(-1));
  const cuts = tokens.flatMap((token, index) => (isTimestamp(token) && isTimestamp(tokens[index - 1]) ? [index] : []));
  if (cuts.length === 0) {
    const last = steps(tokens.findLast(isTimestamp));
    const end = last > 0 ? last * TIMESTAMP_SECONDS : contentFrames * FRAME_SECONDS;
    return {
      segments: [{ start: 0, end, tokens, text: decode(tokens) }],
      advanceFrames: contentFrames,
      endsOpen,
    };
  }
  const ends = endsOpen ? [...cuts, tokens.length] : cuts;
  const segments = ends.map((end, index) => {
    const part = tokens.slice(ends[index - 1] ?? 0, end);
    const [from, to] = [steps(part[0]), steps(part.at(-1))];
    return { start: from * TIMESTAMP_SECONDS, end: to * TIMESTAMP_SECONDS, tokens: part, text: decode(part) };
  });
  const lastCut = steps(tokens[(cuts.at(-1) ?? 0) - 1]);
  return { segments, advanceFrames: endsOpen ? contentFrames : lastCut * FRAMES_PER_TIMESTAMP, endsOpen };
}
