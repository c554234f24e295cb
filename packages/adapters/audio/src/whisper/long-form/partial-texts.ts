import { WINDOW_FRAMES } from "../features/input-features.ts";
import { FRAMES_PER_SECOND } from "../features/log-mel.ts";
import type { MelStream } from "../features/mel-stream.ts";
import type { WindowInput } from "./seek-windows.ts";
import type { WindowResult } from "../program/window-result.ts";

/** What is said so far, while a window is still coming in: for whoever listens to live sound. */
export interface PartialTexts {
  /** Sound between two partial texts, in frames. */
  readonly everyFrames: number;
  /** Takes the text since `startSeconds`, which may still change. */
  readonly told: (startSeconds: number, text: string) => void;
  /** Milliseconds, for what a partial text costs. */
  readonly nowMs: () => number;
}

export interface ComingWindow {
  readonly seek: number;
  /** Frames to be filled in the end. */
  readonly frames: number;
  readonly window: Pick<WindowInput["window"], "promptText" | "promptTokens">;
  readonly decode: (input: WindowInput) => Promise<WindowResult | undefined>;
}

/**
 * Fills a window as its sound comes in, and decodes what is there of it now and then. At most half of the time is spent on
 * that: a text that took three seconds is followed by six seconds of sound, so that a slow machine does not fall behind.
 */
export async function fillTelling(
  mel: MelStream,
  { seek, frames, window, decode }: ComingWindow,
  { everyFrames, told, nowMs }: PartialTexts,
): Promise<void> {
  let there = everyFrames;
  let last = "";
  while (there < WINDOW_FRAMES) {
    await mel.fill(seek + there);
    if (mel.contentFrames !== Infinity) break; // the whole window is there: its text is final
    const startedMs = nowMs();
    const result = await decode({
      values: mel.slice(seek, seek + there),
      window: { ...window, contentFrames: there, maximum: mel.maximum },
    });
    const text = result === undefined || result.isSilent ? "" : result.text.trim();
    if (text !== "" && text !== last) told(seek / FRAMES_PER_SECOND, text);
    last = text;
    const costFrames = Math.ceil(((2 * (nowMs() - startedMs)) / 1000) * FRAMES_PER_SECOND);
    there += Math.max(everyFrames, costFrames);
  }
  await mel.fill(seek + frames);
}
