import { isStargateError } from "@stargate/kernel/backend";
import type { BackendFactory, ComputeBackend, DeviceKind } from "@stargate/kernel";
import { fail } from "../host-errors.ts";

/** Makes a backend again from what it said of itself. Throws SG_HOST_BACKEND, and what the factory throws of ours. */
export async function openBackend({ module, export: name, options }: BackendFactory): Promise<ComputeBackend> {
  const exported = (await load(module))[name];
  if (typeof exported !== "function")
    throw fail("SG_HOST_BACKEND", `Backend module ${module} exports no function "${name}"`);
  const backend = await call(exported as (options: unknown) => unknown, `${name} of ${module}`, options); // checked next
  if (!isBackend(backend)) throw fail("SG_HOST_BACKEND", `Function ${name} of ${module} returned no compute backend`);
  return backend;
}

async function load(module: string): Promise<Record<string, unknown>> {
  try {
    return (await import(module)) as Record<string, unknown>; // any module; its export is checked next
  } catch (error) {
    throw fail("SG_HOST_BACKEND", `Backend module ${module} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}

async function call(factory: (options: unknown) => unknown, name: string, options: unknown): Promise<unknown> {
  try {
    return await factory(options);
  } catch (error) {
    if (isStargateError(error)) throw error;
    throw fail("SG_HOST_BACKEND", `Function ${name} failed: ${messageOf(error)}`, { cause: error });
  }
}

function isBackend(value: unknown): value is ComputeBackend {
  return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "backend";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const kinds: readonly DeviceKind[] = ["cpu", "cuda", "tensorrt", "coreml", "directml", "webgpu", "openvino", "remote"];

/** Kind of a device: what its id says ("cuda:0"), or else what the backend's probe says. */
export async function deviceKindOf(
  backend: ComputeBackend,
  device: string,
  options: Parameters<ComputeBackend["probe"]>[0],
): Promise<DeviceKind> {
  const named = kinds.find((kind) => device === kind || device.startsWith(`${kind}:`));
  if (named !== undefined) return named;
  const { devices } = await backend.probe(options);
  return devices.find(({ id }) => id === device)?.kind ?? "cpu";
}
