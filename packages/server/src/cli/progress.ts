import type { RunEvent } from "@stargate/kernel";
import { formatBytes } from "../config/byte-size.ts";
import { RunProgress, type StepProgress } from "../runs/run-progress.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how far a run has come, on stderr. */
export interface Progress {
  readonly onEvent: (event: RunEvent) => void;
  /** Clears the bar. */
  end(): void;
}

const barWidth = 28;
/** Short work shows nothing: a bar that flashes by is noise. */
const quietMs = 300;
const redrawMs = 80;

/** A bar that redraws itself where a terminal is there; a plain line at every tenth where not. */
export function createProgress(terminal: Terminal, nowMs: () => number = () => performance.now()): Progress {
  return terminal.errIsTty ? createBar(terminal, nowMs) : createLines(terminal);
}

function createBar(terminal: Terminal, nowMs: () => number): Progress {
  const startedMs = nowMs();
  const progress = new RunProgress();
  let drawnMs = -Infinity;
  let drawn = false;
  return {
    onEvent(event) {
      const current = progress.note(event) ? progress.current : undefined;
      if (current === undefined) return;
      const { step, done, of } = current;
      const now = nowMs();
      if (now - startedMs < quietMs || (now - drawnMs < redrawMs && done !== of)) return;
      drawnMs = now;
      drawn = true;
      const filled = of === null || of === 0 ? 0 : Math.round((barWidth * done) / of);
      terminal.err(`\r\u001B[2K${step} ${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${progressText(current)}`);
    },
    end() {
      if (drawn) terminal.err("\r\u001B[2K");
    },
  };
}

function createLines(terminal: Terminal): Progress {
  const progress = new RunProgress();
  const tenths = new Map<string, number>();
  return {
    onEvent(event) {
      const current = progress.note(event) ? progress.current : undefined;
      if (current === undefined || current.of === null || current.of < 2) return;
      const { step, done, of } = current;
      const tenth = Math.floor((10 * done) / of);
      if (tenth <= (tenths.get(step) ?? 0)) return;
      tenths.set(step, tenth);
      terminal.err(`${step}: ${progressText(current)}\n`);
    },
    end: () => undefined,
  };
}

/** How far a step is, for people: "12/700 pages", "1:05/11:00". */
export function progressText({ done, of, measure }: Omit<StepProgress, "step">): string {
  if (measure === "second") return `${clockText(done)}${of === null ? "" : `/${clockText(of)}`}`;
  if (measure === "byte") return `${formatBytes(done)}${of === null ? "" : ` of ${formatBytes(of)}`}`;
  return `${done}${of === null ? "" : `/${of}`} ${measure}${of === 1 ? "" : "s"}`;
}

function clockText(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}
