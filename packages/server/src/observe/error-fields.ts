import { isStargateError } from "@stargate/kernel";

/** An error as it may stand in a log: what it is and where it came from, with those that caused it. */
export interface ErrorFields {
  readonly type: string;
  readonly code?: string | undefined;
  /** Only on request: foreign messages quote what they choke on, and payloads do not belong in logs. */
  readonly message?: string | undefined;
  readonly frames: readonly string[];
  readonly cause?: ErrorFields | undefined;
}

const maxFrames = 12;
const maxCauses = 5;

/** Describes an error for the log. `withMessages` is for the debug level. */
export function errorFields(error: unknown, withMessages: boolean, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, frames: [] };
  const code = isStargateError(error) ? error.code : (error as NodeJS.ErrnoException).code;
  return {
    type: error.name,
    code: typeof code === "string" ? code : undefined,
    message: withMessages ? error.message : undefined,
    frames: framesOf(error),
    cause:
      error.cause === undefined || depth >= maxCauses ? undefined : errorFields(error.cause, withMessages, depth + 1),
  };
}

/** A stack begins with the message; only its frames are wanted. */
function framesOf(error: Error): readonly string[] {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.slice(0, maxFrames).map((line) => line.trim().slice("at ".length));
}
