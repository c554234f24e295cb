import type { Clock, Gate, Host } from "@stargate/kernel";
import type { Features } from "../composition-root.ts";
import type { WatchFiles } from "./watch-files.ts";
import type { WatchDefinition } from "./watches-schema.ts";

/** What a watch tells while it works. */
export type WatchEvent =
  | { readonly type: "searched"; readonly scenes: number; readonly fresh: number }
  | { readonly type: "scene"; readonly scene: string; readonly acquiredAt: string; readonly observedShare: number }
  | { readonly type: "scene-failed"; readonly scene: string; readonly code: string; readonly message: string }
  | { readonly type: "round-failed"; readonly code: string; readonly message: string }
  | {
      readonly type: "alerts";
      readonly alerts: number;
      readonly fresh: number;
      readonly hectares: number;
      readonly judgedShare: number;
    };

export interface WatchAreaOptions {
  readonly gate: Gate;
  readonly host: Pick<Host, "openScratch" | "randomId" | "log">;
  readonly clock: Clock;
  readonly definition: WatchDefinition;
  readonly area: Features;
  readonly files: WatchFiles;
  /** Address of pictures of alerts, with "{id}" in it, where somebody serves them. */
  readonly chips?: string | undefined;
  readonly signal: AbortSignal;
  readonly onEvent?: ((event: WatchEvent) => void) | undefined;
}
