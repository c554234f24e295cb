import type { ModelSpec } from "@stargate/kernel";
import { createFakeClock, type FakeClock } from "@stargate/kernel/testing";
import { createPool, type HostPool } from "../src/pools/create-pool.ts";
import type { PoolEvent } from "../src/pools/pool-events.ts";
import type { PoolOptions } from "../src/pools/pool-options.ts";
import type { PoolJob, PoolResult } from "../src/pools/pool.ts";
import type { LocatedVariant } from "../src/store/model-store.ts";
import { scriptedHosts, type ScriptedHosts, type ScriptedHostsOptions } from "./scripted-hosts.ts";

export interface PoolKit {
  readonly clock: FakeClock;
  readonly hosts: ScriptedHosts;
  readonly pool: HostPool;
  readonly events: readonly PoolEvent[];
  /** Submits a call whose "x" is one row per pair of these values. */
  submit(values: readonly number[], more?: Partial<PoolJob> & { readonly model?: string }): Promise<PoolResult>;
  /** The same, as what became of it: the outputs, or the code of the error. */
  outcome(values: readonly number[], more?: Partial<PoolJob> & { readonly model?: string }): Promise<number[] | string>;
}

/** A pool over scripted hosts and a fake clock, its own unless pools share one. */
export function poolKit(
  options: Partial<PoolOptions> = {},
  script: Omit<ScriptedHostsOptions, "clock"> = {},
  clock: FakeClock = createFakeClock(),
): PoolKit {
  const hosts = scriptedHosts({ clock, ...script });
  const events: PoolEvent[] = [];
  const pool = createPool({
    id: "pool",
    backend: "scripted",
    device: "cpu",
    formats: ["scripted"],
    slots: 1,
    openHost: hosts.open,
    clock,
    keepAliveMs: () => Infinity,
    observe: (event) => events.push(event),
    ...options,
  });
  const submit: PoolKit["submit"] = (values, { model = "doubling", ...more } = {}) =>
    pool.submit({
      located: located(model),
      inputs: { x: { dtype: "float32", shape: [values.length / 2, 2], data: Float32Array.from(values) } },
      signal: new AbortController().signal,
      deadlineMs: Infinity,
      criticality: "normal",
      ...more,
    });
  return {
    clock,
    hosts,
    pool,
    events,
    submit,
    outcome: (values, more) =>
      submit(values, more).then(
        ({ outputs }) => Array.from(outputs["y"]?.data ?? [], Number),
        (error: { readonly code?: string; readonly message: string }) => error.code ?? error.message,
      ),
  };
}

/** A declared model with one file of `bytes` bytes. */
export function located(model: string, bytes = 100, spec: Partial<ModelSpec> = {}): LocatedVariant {
  const variant = {
    name: "fp32",
    quality: 1,
    files: [{ name: "model.bin", urls: [], sha256: null, sizeBytes: bytes }],
  };
  return {
    spec: {
      id: model,
      version: "1.0.0",
      summary: model,
      licence: "Apache-2.0",
      format: "scripted",
      variants: [variant],
      ...spec,
    },
    variant,
    paths: {},
    digest: null,
  };
}
