import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Clock, Log } from "@stargate/kernel";

/** Bytes read of a host in one window; it waits with printing until the next. */
const WINDOW_MS = 100;
const MAX_WINDOW_BYTES = 64 * 1024;
/** Lines that reach the log in one period; the others are counted. */
const PERIOD_MS = 10_000;
const MAX_PERIOD_LINES = 50;
const MAX_LINE_LENGTH = 1000;
const TAIL_LINES = 20;

/** What a host prints, on its way to the log. */
export interface CapturedOutput {
  attach(stream: Readable, name: "stdout" | "stderr"): void;
  /** The last lines, whether they reached the log or not. */
  readonly tail: () => readonly string[];
}

/**
 * Hands what a host prints to the log, line by line and bounded: a host that prints without end is slowed down to
 * 640 KB/s, and leaves 50 lines in the log every ten seconds.
 */
export function captureOutput(options: {
  readonly host: string;
  readonly clock: Clock;
  readonly log: Log;
}): CapturedOutput {
  const { host, clock, log } = options;
  const tail: string[] = [];
  let period = { endMs: 0, lines: 0, leftOut: 0 };

  function say(stream: string, line: string): void {
    const text = line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}...` : line;
    if (text === "") return;
    tail.push(text);
    if (tail.length > TAIL_LINES) tail.shift();
    const nowMs = clock.nowMs();
    if (nowMs >= period.endMs) {
      if (period.leftOut > 0) log.warn("Lines of a model host were left out", { host, lines: period.leftOut });
      period = { endMs: nowMs + PERIOD_MS, lines: 0, leftOut: 0 };
    }
    if (++period.lines > MAX_PERIOD_LINES) period.leftOut += 1;
    else log.info("A model host says", { host, stream, line: text });
  }

  return {
    attach(stream, name) {
      const decoder = new StringDecoder("utf8");
      let rest = "";
      let windowBytes = 0;
      let isWindowOpen = false;
      const closeWindow = (): void => {
        isWindowOpen = false;
        windowBytes = 0;
        stream.resume();
      };
      stream.on("data", (chunk: Buffer) => {
        windowBytes += chunk.length;
        if (!isWindowOpen) clock.timer(WINDOW_MS, closeWindow);
        isWindowOpen = true;
        if (windowBytes >= MAX_WINDOW_BYTES) stream.pause();
        const lines = (rest + decoder.write(chunk)).split("\n");
        // A line without end is cut: what comes after its beginning is not kept.
        rest = (lines.pop() ?? "").slice(0, MAX_LINE_LENGTH + 1);
        for (const line of lines) say(name, line);
      });
      stream.on("end", () => say(name, rest));
      stream.on("error", () => undefined); // the host's end is seen elsewhere
    },
    tail: () => [...tail],
  };
}
