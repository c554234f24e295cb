import {
  type BackendDevice,
  type Clock,
  type ComputeBackend,
  createPortableHost,
  defineBackend,
  isStargateError,
  type LoadedModel,
  type ModelSignature,
  type ModelSource,
  type ProbeOptions,
  throwIfCancelled,
  parseStrictly,
} from "@stargate/kernel";
import { createLoadedModel } from "./loaded-remote-model.ts";
import { signatureOf } from "./model/signature.ts";
import { fail } from "./open-inference-errors.ts";
import {
  modelSettingsSchema,
  type OpenInferenceModelSettings,
  type OpenInferenceOptions,
} from "./open-inference-options.ts";
import type { ModelAddress, ServerClient } from "./server-client.ts";
import { createServerConnections, type ServerConnections } from "./server-connections.ts";

const VERSION = "0.1.0";

/** A server that has not said by then that it is ready is not available. */
const probeMs = 5000;

/** Format of models that live on such a server. */
export const FORMAT = "open-inference";

/** Runs models on servers that speak the Open Inference Protocol. Each server is a device. Runs only wait: no `factory`. */
export function createOpenInferenceBackend(
  options: OpenInferenceOptions,
  { clock = createPortableHost().clock }: { readonly clock?: Clock | undefined } = {},
): ComputeBackend {
  const open = new Set<LoadedModel>();
  const connections = createServerConnections(options.servers, clock);

  return defineBackend({
    id: "open-inference",
    version: VERSION,
    summary: "Models on servers that speak the Open Inference Protocol (KServe v2, Triton)",
    formats: [FORMAT],
    async probe(probe) {
      throwIfCancelled(probe.signal, "The probe");
      const devices = await Promise.all(connections.names.map((name) => deviceOf(connections, name, probe)));
      const none: BackendDevice = {
        id: "remote",
        kind: "remote",
        available: false,
        reason: "no server is named in the options of the open-inference adapter",
      };
      return { backend: "open-inference", version: VERSION, devices: devices.length === 0 ? [none] : devices };
    },
    async load(source, load) {
      throwIfCancelled(load.signal, `Loading model "${source.id}"`);
      const settings = settingsOf(source);
      const server = serverOf(source.id, settings, load.device, connections.names);
      const client = connections.client(server, load);
      const address = { name: settings.name ?? source.id, version: settings.version };
      const described = await describeModel(
        client,
        { id: source.id, server, address, signal: load.signal },
        settings.signature,
      );
      const model = createLoadedModel({ id: source.id, server, address, client, ...described });
      open.add(model);
      return { ...model, unload: () => model.unload().finally(() => open.delete(model)) };
    },
    async close() {
      await Promise.all([...open].map((model) => model.unload()));
      open.clear();
      await connections.close();
    },
  });
}

function settingsOf({ id, format, settings = {} }: ModelSource): OpenInferenceModelSettings {
  if (format !== FORMAT)
    throw fail("SG_COMPUTE_MODEL", `Model "${id}" is in the format "${format}"; this backend loads "${FORMAT}"`);
  return parseStrictly(`Settings of model "${id}"`, modelSettingsSchema, settings);
}

/** The server of a model: the one its settings name, else the device asked for, else the first. */
function serverOf(
  id: string,
  { server: own }: OpenInferenceModelSettings,
  device: string | undefined,
  names: readonly string[],
): string {
  if (own !== undefined && device !== undefined && own !== device)
    throw fail("SG_COMPUTE_DEVICE", `Model "${id}" is on the server "${own}", not on "${device}"`);
  const name = own ?? device ?? names[0];
  if (name !== undefined) return name;
  throw fail("SG_COMPUTE_DEVICE", `Model "${id}" names no server, and the open-inference adapter has none`, {
    hint: "Set `servers` in the options of the open-inference adapter.",
  });
}

async function deviceOf(connections: ServerConnections, name: string, probe: ProbeOptions): Promise<BackendDevice> {
  const device = { id: name, kind: "remote" } as const;
  try {
    await connections.client(name, probe, probeMs).ready(probe.signal);
    return { ...device, available: true };
  } catch (error) {
    throwIfCancelled(probe.signal, "The probe");
    if (!isStargateError(error)) throw error;
    return { ...device, available: false, reason: error.message };
  }
}

interface Wanted {
  readonly id: string;
  readonly server: string;
  readonly address: ModelAddress;
  readonly signal: AbortSignal;
}

/** Throws SG_COMPUTE_MODEL when the server does not have the model. */
async function describeModel(
  client: ServerClient,
  { id, server, address, signal }: Wanted,
  declared: OpenInferenceModelSettings["signature"],
): Promise<{ readonly signature: ModelSignature; readonly maxBatchSize: number | undefined }> {
  try {
    const [metadata, maxBatchSize] = await Promise.all([
      client.model(address, signal),
      client.maxBatchSize(address, signal),
    ]);
    return { signature: declared ?? signatureOf(id, metadata, maxBatchSize), maxBatchSize };
  } catch (error) {
    if (!isStargateError(error) || error.code !== "SG_OPEN_INFERENCE_REFUSED") throw error;
    throw fail("SG_COMPUTE_MODEL", `Model "${id}" cannot be had as "${address.name}": ${error.message}`, {
      cause: error,
      hint: `Load it on the server "${server}", or set \`name\` in the settings of the model.`,
    });
  }
}
