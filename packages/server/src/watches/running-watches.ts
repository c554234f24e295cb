import type { Features, Raster } from "../composition-root.ts";
import type { WatchFiles } from "./watch-files.ts";
import type { WatchDefinition } from "./watches-schema.ts";

/** How a watch is. */
export interface WatchStatus {
  readonly name: string;
  readonly task: string;
  /** When the catalogue was last asked; null before the first time. */
  readonly searchedAt: string | null;
  /** Why the last round failed; null when it did not. */
  readonly problem: { readonly code: string; readonly message: string; readonly at: string } | null;
  /** Scenes the catalogue had. */
  readonly scenes: number;
  readonly alerts: number;
  readonly hectares: number;
  /** Share of the area of which enough was seen to say something; null before there was a look. */
  readonly judgedShare: number | null;
}

export interface RunningWatch {
  readonly definition: WatchDefinition;
  readonly area: Features;
  readonly files: WatchFiles;
  status(): WatchStatus;
  /** What was observed, oldest first. */
  scenes(): Promise<readonly Raster[]>;
}

export interface RunningWatches {
  readonly watches: ReadonlyMap<string, RunningWatch>;
  stop(): Promise<void>;
}

/** What a process without watches has. */
export const noWatches: RunningWatches = { watches: new Map(), stop: () => Promise.resolve() };
