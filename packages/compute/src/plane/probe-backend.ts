import { type BackendProbe, type Clock, type ComputeBackend, isStargateError } from "@stargate/kernel";
import { askBackend } from "../hosts/ask-backend.ts";
import type { ComputePlaneOptions } from "./compute-plane-options.ts";
import type { ProbedBackend } from "./plan-pools.ts";

/** Time a backend has to say what devices there are, loading its engine included. */
const PROBE_MS = 30_000;

/**
 * What a backend has; nothing, and a word in the log, when it cannot even say that. An engine that computes is never
 * loaded into the gateway, which it could crash: its backend is asked in a process of its own.
 */
export async function probeBackend(
  backend: ComputeBackend,
  options: Pick<ComputePlaneOptions, "idleClock" | "log" | "fetch" | "secret">,
): Promise<readonly ProbedBackend[]> {
  try {
    const { idleClock: clock, ...rest } = options;
    const signal = AbortSignal.timeout(PROBE_MS);
    return [{ backend, probe: await probeApart(backend, { ...rest, clock, signal }) }];
  } catch (error) {
    if (!isStargateError(error)) throw error;
    const { code, message } = error;
    options.log.warn("A compute backend cannot be used", { backend: backend.id, code, reason: message });
    return [];
  }
}

export interface ProbeApartOptions extends Pick<ComputePlaneOptions, "log" | "fetch" | "secret"> {
  /** Its timers should keep no process alive. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * What devices a backend has: asked in a process of its own, which is gone afterwards; a backend that computes elsewhere
 * is asked here. Throws what the backend throws, SG_COMPUTE_HOST_LOST and SG_HOST_BACKEND.
 */
export async function probeApart(
  backend: ComputeBackend,
  { clock, log, signal, fetch, secret }: ProbeApartOptions,
): Promise<BackendProbe> {
  const { factory, id } = backend;
  if (factory === undefined) return backend.probe({ signal, fetch, secret });
  return askBackend(factory, { name: id, clock, log, signal }, (asked) => asked.probe({ signal }));
}
