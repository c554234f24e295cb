import { once } from "node:events";
import { type Child, startNode } from "../support/child-process.ts";
import type { WhisperFiles } from "./model/whisper-files.ts";
import type { SessionTimes } from "./processes/watch-sessions.ts";

/** What a process that transcribes is told when it starts. */
export interface WhisperSetup extends WhisperFiles {
  readonly speech: string;
  /** Windows of 30 s. */
  readonly windows: number;
  readonly threads: number;
  /** Folder where transformers.js is installed. */
  readonly packages: string;
}

/** One time through all windows. */
export interface WhisperOrder {
  /** Windows decoded side by side. */
  readonly batch: number;
  /** Tokens of each window: random weights come to no end by themselves. */
  readonly maxTokens: number;
  readonly timestamps: boolean;
}

export interface WhisperReport extends SessionTimes {
  readonly totalMs: number;
  /** Log-mel frames. */
  readonly featuresMs: number;
  /** Of each window, without the start sequence. */
  readonly tokens: readonly (readonly number[])[];
}

/** A process with a loaded Whisper. */
export interface WhisperProcess extends AsyncDisposable {
  transcribe(order: WhisperOrder): Promise<WhisperReport>;
}

export async function startWhisper(
  program: "our-whisper.ts" | "transformers-whisper.ts",
  setup: WhisperSetup,
): Promise<WhisperProcess> {
  const child: Child = await startNode(new URL(`processes/${program}`, import.meta.url).pathname, {
    arguments: [JSON.stringify(setup)],
    messages: true,
  });
  return {
    async transcribe(order) {
      const answered = once(child.process, "message");
      child.process.send(order);
      const [report] = (await answered) as [WhisperReport | { readonly error: string }];
      if ("error" in report) throw new RangeError(report.error);
      return report;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
