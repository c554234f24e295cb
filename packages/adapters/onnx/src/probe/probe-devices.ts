import { totalmem } from "node:os";
import type { BackendDevice } from "@stargate/kernel";
import { writeModel } from "../model/write-model.ts";
import { messageOf } from "../native/engine-failures.ts";
import type { Engine } from "../native/onnxruntime.ts";
import { sessionOptions } from "../session/session-options.ts";
import { missingLibraries } from "./provider-libraries.ts";
import { providers, targetOf, type DeviceTarget, type Provider } from "./providers.ts";

/** Devices of one provider are tried in order up to this many. */
const MAX_DEVICES = 16;

const trialModel = (): Uint8Array =>
  writeModel({
    inputs: ["a", "b"].map((name) => ({ name, dtype: "float32", shape: [4] })),
    outputs: [{ name: "sum", dtype: "float32", shape: [4] }],
    nodes: [{ op: "Add", inputs: ["a", "b"], outputs: ["sum"] }],
  });

/** What a machine really has, found out by trying; each provider is tried once. */
export interface DeviceProbe {
  all(): Promise<readonly BackendDevice[]>;
  /** Devices of one provider: those that work, or one that is refused with its reason. */
  of(provider: Provider): Promise<readonly BackendDevice[]>;
}

/**
 * Tries a session of a small generated model on every device and compares what it computes. That the build lists a
 * provider says little: its libraries, the driver or the device may be absent.
 */
export function createDeviceProbe(loadEngine: () => Promise<Engine>): DeviceProbe {
  const found = new Map<string, Promise<readonly BackendDevice[]>>();
  const of = (provider: Provider): Promise<readonly BackendDevice[]> => {
    const known = found.get(provider.kind) ?? loadEngine().then((engine) => devicesOf(engine, provider));
    found.set(provider.kind, known);
    known.catch(() => found.delete(provider.kind));
    return known;
  };
  return {
    of,
    async all() {
      const devices: BackendDevice[] = [];
      // One after the other: two providers that start at once on one device get in each other's way.
      for (const provider of providers) devices.push(...(await of(provider)));
      return devices;
    },
  };
}

async function devicesOf(engine: Engine, provider: Provider): Promise<readonly BackendDevice[]> {
  const working: BackendDevice[] = [];
  for (let number = 0; number < (provider.numbered ? MAX_DEVICES : 1); number++) {
    const target = targetOf(provider, number);
    const reason = await refusalOf(engine, provider, target);
    if (reason === undefined) working.push(availableDevice(target));
    else if (number === 0) return [{ id: target.id, kind: target.kind, available: false, reason }];
    else break;
  }
  return working;
}

function availableDevice({ id, kind }: DeviceTarget): BackendDevice {
  return { id, kind, available: true, ...(kind === "cpu" ? { memoryBytes: totalmem() } : {}) };
}

/** Why a device cannot be used; undefined when it can. */
async function refusalOf(engine: Engine, provider: Provider, target: DeviceTarget): Promise<string | undefined> {
  if (!engine.providers.includes(provider.name))
    return `ONNX Runtime ${engine.version} for ${process.platform}-${process.arch} has no ${provider.kind} provider`;
  const missing = await missingLibraries(provider.kind, engine.binaryFolder);
  if (missing.length > 0) return `${missing.join(", ")} not found beside the binary of onnxruntime-node`;
  try {
    return (await addsRight(engine, target)) ? undefined : "it computes a wrong sum";
  } catch (error) {
    return error instanceof Error ? firstCause(error) : String(error);
  }
}

async function addsRight(engine: Engine, target: DeviceTarget): Promise<boolean> {
  const settings = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimization: "all",
    cpuNodes: "refuse",
  } as const;
  const session = await engine.createSession({
    id: `trial of ${target.id}`,
    device: target.id,
    files: { model: trialModel(), externalData: [] },
    options: sessionOptions(target, settings),
  });
  try {
    const input = (...values: number[]) => ({ dtype: "float32", shape: [4], data: Float32Array.from(values) }) as const;
    const { sum } = await session.run({ a: input(1, 2, 3, 4), b: input(10, 20, 30, 40) });
    return sum?.data.join() === "11,22,33,44";
  } finally {
    await session.release();
  }
}

/** What the engine itself said: our own message says only what was tried. */
function firstCause(error: Error): string {
  return messageOf(error.cause ?? error);
}
