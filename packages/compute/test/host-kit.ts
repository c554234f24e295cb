import type { BackendFactory, Clock, ComputeBackend, JsonObject, Log, Tensor } from "@stargate/kernel";
import type { HostedModel, HostedSource, ModelHost } from "../src/hosts/model-host.ts";

/** A signal that never aborts. */
export const live = new AbortController().signal;

/** The machine's clock, whose timers keep no process alive. */
export const machineClock: Clock = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  timer(ms, callback) {
    const timeout = setTimeout(callback, ms).unref();
    return () => clearTimeout(timeout);
  },
};

export interface LogLine {
  readonly message: string;
  readonly fields: JsonObject;
}

/** A log that remembers. */
export function createMemoryLog(): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const write = (message: string, fields: JsonObject = {}): void => void lines.push({ message, fields });
  return { lines, debug: write, info: write, warn: write, error: write };
}

/** A factory of the test backend. */
export const testFactory = (options: JsonObject = {}, name = "createTestBackend"): BackendFactory => ({
  module: new URL("host-backend.ts", import.meta.url).href,
  export: name,
  options,
});

/** The test backend as a gateway has it: only its factory is used. */
export const testBackend = (factory = testFactory()): ComputeBackend => ({
  kind: "backend",
  id: "test",
  version: "1.0.0",
  summary: "For tests of model hosts",
  formats: ["test"],
  factory,
  probe: () => Promise.reject(new TypeError("not on this thread")),
  load: () => Promise.reject(new TypeError("not on this thread")),
});

/** What a model of the test backend does, by its settings. */
export const sourceOf = (settings: JsonObject = {}): HostedSource => ({
  model: "m",
  variant: "fp32",
  format: "test",
  paths: {},
  settings,
});

export const load = (host: ModelHost, settings: JsonObject = {}, device = "cpu"): Promise<HostedModel> =>
  host.load(sourceOf(settings), { device, signal: live });

export const floats = (...values: number[]): Tensor => ({
  dtype: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});
