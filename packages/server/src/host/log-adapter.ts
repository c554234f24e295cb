import type { JsonObject, Log } from "@stargate/kernel";

/** What is used of a pino logger: fields first, then the message. */
export interface StructuredLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The kernel's log on a pino logger (or anything that logs like one). */
export function createLog(logger: StructuredLogger): Log {
  return {
    debug: (message, fields: JsonObject = {}) => logger.debug(fields, message),
    info: (message, fields: JsonObject = {}) => logger.info(fields, message),
    warn: (message, fields: JsonObject = {}) => logger.warn(fields, message),
    error: (message, fields: JsonObject = {}) => logger.error(fields, message),
  };
}

/** A log that drops everything: the default of an embedded host. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
