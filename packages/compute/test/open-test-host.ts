import type { BackendFactory } from "@stargate/kernel";
import { onTestFinished } from "vitest";
import type { HostOptions } from "../src/hosts/host-options.ts";
import type { ModelHost } from "../src/hosts/model-host.ts";
import { modelHosts } from "../src/hosts/open-model-hosts.ts";
import { createMemoryLog, live, machineClock, testBackend } from "./host-kit.ts";

export interface OpenTestHost extends Partial<HostOptions> {
  readonly factory?: BackendFactory | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a host with the test backend; it ends with the test. */
export async function openTestHost({ factory, signal = live, ...options }: OpenTestHost = {}): Promise<ModelHost> {
  const open = modelHosts(testBackend(factory), { clock: machineClock, log: createMemoryLog(), ...options });
  const host = await open({ signal });
  onTestFinished(() => host.close({ force: true }));
  return host;
}
