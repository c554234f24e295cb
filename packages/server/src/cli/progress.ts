import type { RunEvent } from "@stargate/kernel";
import { formatBytes } from "../config/byte-size.ts";
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
  let drawnMs = -Infinity;
  let drawn = false;
  return {
    onEvent(event) {
      if (event.type !== "progress") return;
      const now = nowMs();
      const isLast = event.done === event.of;
      if (now - startedMs < quietMs || (now - drawnMs < redrawMs && !isLast)) return;
      drawnMs = now;
      drawn = true;
      const filled = event.of === null || event.of === 0 ? 0 : Math.round((barWidth * event.done) / event.of);
      terminal.err(`\r\u001B[2K${event.step} ${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${amount(event)}`);
    },
    end() {
      if (drawn) terminal.err("\r\u001B[2K");
    },
  };
}

function createLines(terminal: Terminal): Progress {
  const tenths = new Map<string, number>();
  return {
    onEvent(event) {
      if (event.type !== "progress" || event.of === null || event.of < 2) return;
      const tenth = Math.floor((10 * event.done) / event.of);
      if (tenth <= (tenths.get(event.step) ?? 0)) return;
      tenths.set(event.step, tenth);
      terminal.err(`${event.step}: ${amount(event)}\n`);
    },
    end: () => undefined,
  };
}

function amount({ done, of, measure }: Extract<RunEvent, { type: "progress" }>): string {
  if (measure === "byte") return `${formatBytes(done)}${of === null ? "" : ` of ${formatBytes(of)}`}`;
  return `${done}${of === null ? "" : `/${of}`} ${measure}${of === 1 ? "" : "s"}`;
}
