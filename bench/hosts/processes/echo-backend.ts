// A backend whose models give back what they get: what is left is the way there and back.
import { type ComputeBackend, defineBackend } from "@stargate/kernel/backend";

export function createEchoBackend(): ComputeBackend {
  const backend: ComputeBackend = defineBackend({
    id: "echo",
    version: "1.0.0",
    summary: "Gives back what it gets",
    formats: ["echo"],
    factory: { module: import.meta.url, export: "createEchoBackend", options: {} },
    probe: async () => ({ backend: "echo", version: "1.0.0", devices: [{ id: "cpu", kind: "cpu", available: true }] }),
    load: async () => ({
      signature: { inputs: [], outputs: [] },
      device: "cpu",
      run: async (inputs) => inputs,
      unload: async () => undefined,
    }),
  });
  return backend;
}
