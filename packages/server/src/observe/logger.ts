import { pino, type DestinationStream, type Logger } from "pino";
import type { Config } from "../config/config-schema.ts";

export type { Logger };

/** Lines are written in blocks of this size, and at least every second: a system call per line would cost more than it. */
const blockBytes = 16_000;

/**
 * One JSON line per event. Log lines carry ids, sizes, times and codes; never a payload, a header value or a file's
 * content. They go to stderr, because stdout belongs to what a command answers.
 */
export function createLogger(config: Pick<Config, "log">, destination?: DestinationStream): Logger {
  const stream = destination ?? pino.destination({ dest: 2, minLength: blockBytes, periodicFlush: 1000 });
  return pino(
    {
      level: config.log.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}
