/** Where a command reads and writes; tests pass their own. */
export interface Terminal {
  /** What the command answers. */
  out(text: string | Uint8Array): void;
  /** What it tells beside that: progress, warnings, errors. */
  err(text: string): void;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** Bytes piped in, for FILE "-". */
  readonly stdin: AsyncIterable<Uint8Array<ArrayBuffer>>;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user gives up (SIGINT, SIGTERM); a second signal ends the process at once. */
  readonly signal: AbortSignal;
}

/** The process's own terminal. */
export function processTerminal(signal: AbortSignal): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTty: process.stdout.isTTY === true,
    errIsTty: process.stderr.isTTY === true,
    stdin: process.stdin as AsyncIterable<Uint8Array<ArrayBuffer>>, // no encoding is set, so it gives buffers
    directory: process.cwd(),
    environment: process.env,
    signal,
  };
}
