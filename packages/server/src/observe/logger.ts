import { pino, type DestinationStream, type Logger } from "pino";
import type { Config } from "../config/config-schema.ts";

export type { Logger };

/**
 * One JSON line per event. Log lines carry ids, sizes, times and codes; never a payload, a header value or a file's
 * content. Lines are written in blocks and at least every second, so that a busy gateway does not wait for its log;
 * they go to stderr, because stdout belongs to what a command answers.
 */
export function createLogger(config: Pick<Config, "log">, destination?: DestinationStream): Logger {
  const stream = destination ?? pino.destination({ dest: 2, sync: false, minLength: 16_000, periodicFlush: 1000 });
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
