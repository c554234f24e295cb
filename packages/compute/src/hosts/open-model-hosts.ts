import { throwIfCancelled, type ComputeBackend } from "@stargate/kernel";
import type { HostOptions } from "./host-options.ts";
import { createInlineHost } from "./inline/inline-host.ts";
import type { OpenModelHost } from "./model-host.ts";
import { openHost } from "./open-host.ts";
import { processTransport } from "./transport/start-process.ts";
import { threadTransport } from "./transport/start-thread.ts";

/**
 * How hosts for a backend are opened: in child processes, in threads, or, for a backend without a factory, on this
 * thread.
 * @example
 * const open = modelHosts(backend, { clock, log });
 * const host = await open({ signal });
 */
export function modelHosts(backend: ComputeBackend, options: HostOptions): OpenModelHost {
  const { factory, id: name } = backend;
  const start = options.isolation === "thread" ? threadTransport(options) : processTransport(options);
  let count = 0;
  return async ({ signal }) => {
    throwIfCancelled(signal, "Opening a model host");
    const id = `${name}/${++count}`;
    if (factory === undefined) return createInlineHost(id, backend, options);
    return openHost({ id, factory, start, signal }, options);
  };
}
