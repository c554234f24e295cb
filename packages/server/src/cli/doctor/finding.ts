import type { Config } from "../../config/config-schema.ts";

/** One thing doctor looked at. */
export interface Finding {
  /** Name of the check: stable, for scripts. */
  readonly check: string;
  readonly status: "ok" | "warning" | "failed";
  readonly message: string;
  /** What to do, as an imperative. */
  readonly hint?: string | undefined;
}

/** What checks of a valid configuration look at. */
export interface Examination {
  readonly config: Config;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export type Check = (examination: Examination) => readonly Finding[] | Promise<readonly Finding[]>;

/** A finding that all is well. */
export function fine(check: string, message: string): readonly Finding[] {
  return [{ check, status: "ok", message }];
}
