import type { BackendFactory, Log } from "@stargate/kernel";
import type { HostOptions } from "./host-options.ts";
import type { BackendQuestions } from "./model-host.ts";
import { openHost } from "./open-host.ts";
import { processTransport } from "./transport/start-process.ts";

export interface AskBackendOptions extends Pick<HostOptions, "clock" | "log" | "memoryCeilingBytes"> {
  /** For messages: "onnx". */
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * Opens a process with a backend in it, asks it something, and ends it: so the engine is never in the gateway, and what it
 * takes is given back. What the engine prints is for debugging: it is only being tried.
 * Throws SG_COMPUTE_HOST_LOST, SG_HOST_BACKEND, and what the backend throws.
 */
export async function askBackend<Answer>(
  factory: BackendFactory,
  { name, signal, ...options }: AskBackendOptions,
  question: (backend: BackendQuestions) => Promise<Answer>,
): Promise<Answer> {
  const quiet = { ...options, log: quietLog(options.log) };
  const host = await openHost({ id: `${name}/ask`, factory, start: processTransport(quiet), signal }, quiet);
  try {
    return await question(host);
  } finally {
    await host.close({ force: true });
  }
}

function quietLog(log: Log): Log {
  const debug: Log["debug"] = (message, fields) => log.debug(message, fields);
  return {
    debug,
    info: debug,
    warn: (message, fields) => log.warn(message, fields),
    error: (message, fields) => log.error(message, fields),
  };
}
