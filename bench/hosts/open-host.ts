import { type HostedSource, type HostOptions, type ModelHost, modelHosts } from "@stargate/compute";
import type { Clock, ComputeBackend, Log } from "@stargate/kernel";

/** A signal that never aborts. */
export const live = new AbortController().signal;

const clock: Clock = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  timer(ms, callback) {
    const timeout = setTimeout(callback, ms).unref();
    return () => clearTimeout(timeout);
  },
};
const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

export function openHost(backend: ComputeBackend, options: Partial<HostOptions> = {}): Promise<ModelHost> {
  return modelHosts(backend, { clock, log, ...options })({ signal: live });
}

export const source = (format: string, paths: HostedSource["paths"] = {}): HostedSource => ({
  model: "m",
  variant: "fp32",
  format,
  paths,
  settings: {},
});
