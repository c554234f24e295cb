import type { PullProgress } from "@stargate/compute";
import { createProgress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";

/** Files below this show no progress: they are there before one could read it. */
const worthShowingBytes = 2 ** 20;

/** Shows how far a download, a bundle or a load is. */
export function createPullProgress(terminal: Terminal) {
  const progress = createProgress(terminal);
  return {
    onProgress: ({ model, file, doneBytes, totalBytes }: PullProgress): void => {
      if (totalBytes !== null && totalBytes < worthShowingBytes) return;
      progress.onEvent({
        type: "progress",
        step: `${model} ${file}`,
        done: doneBytes,
        of: totalBytes,
        measure: "byte",
      });
    },
    end: () => progress.end(),
  };
}
