import { type BackendProbe, type ComputeBackend, isStargateError } from "@stargate/kernel";
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
    return [{ backend, probe: await probeOf(backend, options) }];
  } catch (error) {
    if (!isStargateError(error)) throw error;
    const { code, message } = error;
    options.log.warn("A compute backend cannot be used", { backend: backend.id, code, reason: message });
    return [];
  }
}

async function probeOf(
  backend: ComputeBackend,
  { idleClock, log, fetch, secret }: Parameters<typeof probeBackend>[1],
): Promise<BackendProbe> {
  const signal = AbortSignal.timeout(PROBE_MS);
  const { factory, id } = backend;
  if (factory === undefined) return backend.probe({ signal, fetch, secret });
  return askBackend(factory, { name: id, clock: idleClock, log, signal }, (asked) => asked.probe({ signal }));
}
