/** An error as it crosses from a worker: a Stargate error keeps its code, others their message and stack. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Set for Stargate errors. */
  readonly stargate?:
    | {
        readonly code: string;
        readonly title: string;
        readonly hint: string;
        readonly status: number;
        readonly retryable: boolean;
        readonly public: boolean;
        readonly details: unknown;
      }
    | undefined;
  readonly cause?: WireError | undefined;
}

// The brand of StargateError. Read by its registered symbol: a worker must not load the whole kernel for one check.
const brand = Symbol.for("stargate.error");

/** Writes an error down for the way out of a worker. Causes are followed eight levels deep. */
export function toWireError(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const {
    code,
    title,
    hint,
    status,
    retryable,
    public: isPublic,
    details,
  } = error as unknown as NonNullable<WireError["stargate"]>; // only read under the brand
  const branded = (error as { [brand]?: unknown })[brand] === true;
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    stargate: branded ? { code, title, hint, status, retryable, public: isPublic, details } : undefined,
    cause: error.cause === undefined || depth >= 8 ? undefined : toWireError(error.cause, depth + 1),
  };
}
