import {
  type BackendDevice,
  type Clock,
  type ComputeBackend,
  createPortableHost,
  defineBackend,
  didYouMean,
  isStargateError,
  type JsonObject,
  type LoadedModel,
  type ModelSource,
  type ProbeOptions,
  parseStrictly,
} from "@stargate/kernel";
import { chat } from "./kinds/chat.ts";
import { embeddings } from "./kinds/embeddings.ts";
import type { Kind } from "./kinds/kind.ts";
import { transcription } from "./kinds/transcription.ts";
import { createLoadedModel } from "./loaded-openai-model.ts";
import { fail } from "./openai-errors.ts";
import { defaultStallMs, modelSettingsSchema, type OpenaiModelSettings, type OpenaiOptions } from "./openai-options.ts";
import { lists, servedModels } from "./protocol/served-models.ts";
import { type Server, throwIfCancelled } from "./protocol/server.ts";

const VERSION = "0.1.0";

/** Format of models that live on such a server. */
export const FORMAT = "openai";

/** A server that has not said what it serves by then is not available. */
const probeMs = 5000;

/** The calls of the protocol, by the name settings give them. */
export const kinds: Readonly<Record<OpenaiModelSettings["kind"], Kind>> = { embeddings, chat, transcription };

/** Where a server is, before a call lends a network and secrets. */
type Address = Pick<Server, "name" | "baseUrl" | "stallMs"> & { readonly secretName: string | undefined };

/** Runs models on servers that speak the OpenAI protocol. Each server is a device. Runs only wait: no `factory`. */
export function createOpenaiBackend(
  options: OpenaiOptions,
  { clock = createPortableHost().clock }: { readonly clock?: Clock | undefined } = {},
): ComputeBackend {
  const open = new Set<LoadedModel>();
  const addresses = new Map<string, Address>();
  for (const [name, { apiKey, ...rest }] of Object.entries(options.servers))
    addresses.set(name, { name, secretName: apiKey, ...rest });

  /** The server of a model: the one its settings name, else the device asked for, else the first. */
  function addressOf(id: string, settings: OpenaiModelSettings, device: string | undefined): Address {
    const own = settings.baseUrl === undefined ? settings.server : addUnnamed(settings.baseUrl);
    if (own !== undefined && device !== undefined && own !== device)
      throw fail("SG_COMPUTE_DEVICE", `Model "${id}" is on the server "${own}", not on "${device}"`);
    const name = own ?? device ?? addresses.keys().next().value;
    if (name === undefined)
      throw fail("SG_COMPUTE_DEVICE", `Model "${id}" names no server, and the openai adapter has none`, {
        hint: "Set `servers` in the options of the openai adapter, or `baseUrl` in the settings of the model.",
      });
    const address = addresses.get(name);
    if (address === undefined)
      throw fail("SG_COMPUTE_DEVICE", `There is no server "${name}"${didYouMean(name, addresses.keys())}`, {
        hint: `Use one of ${[...addresses.keys()].join(", ") || "none: set `servers` in the options of the openai adapter"}.`,
      });
    return settings.apiKey === undefined ? address : { ...address, secretName: settings.apiKey };
  }

  /** A server that only a model names is a device from then on. */
  function addUnnamed(baseUrl: string): string {
    const known = [...addresses.values()].find((address) => address.baseUrl === baseUrl);
    if (known !== undefined) return known.name;
    const name = serverNameOf(baseUrl);
    addresses.set(name, { name, baseUrl, secretName: undefined, stallMs: defaultStallMs });
    return name;
  }

  async function deviceOf(address: Address, probe: ProbeOptions): Promise<BackendDevice> {
    const device = { id: address.name, kind: "remote" } as const;
    try {
      await servedModels(
        serverOf({ ...address, stallMs: Math.min(address.stallMs, probeMs) }, probe, clock),
        probe.signal,
      );
      return { ...device, available: true };
    } catch (error) {
      throwIfCancelled(probe.signal);
      if (!isStargateError(error)) throw error;
      return { ...device, available: false, reason: error.message };
    }
  }

  return defineBackend({
    id: "openai",
    version: VERSION,
    summary: "Models on OpenAI-compatible servers",
    formats: [FORMAT],
    async probe(probe) {
      throwIfCancelled(probe.signal);
      const devices = await Promise.all([...addresses.values()].map((address) => deviceOf(address, probe)));
      const none: BackendDevice = {
        id: "remote",
        kind: "remote",
        available: false,
        reason: "no server is named in the options of the openai adapter",
      };
      return { backend: "openai", version: VERSION, devices: devices.length === 0 ? [none] : devices };
    },
    async load(source, load) {
      throwIfCancelled(load.signal);
      const settings = settingsOf(source);
      const address = addressOf(source.id, settings, load.device);
      const server = serverOf(address, load, clock);
      const served = await servedModels(server, load.signal);
      if (served !== undefined && !lists(served, settings.model))
        throw fail(
          "SG_COMPUTE_MODEL",
          `Server "${server.name}" has no model "${settings.model}"${didYouMean(settings.model, served)}`,
          { hint: `Load it there, or use one of ${served.slice(0, 10).join(", ") || "none"}.` },
        );
      const model = createLoadedModel(kinds[settings.kind], {
        id: source.id,
        server,
        name: settings.model,
        dimensions: settings.dimensions,
        parameters: settings.parameters as JsonObject, // z.json() types undefined properties away; same values
      });
      open.add(model);
      return { ...model, unload: () => model.unload().finally(() => open.delete(model)) };
    },
    async close() {
      await Promise.all([...open].map((model) => model.unload()));
      open.clear();
    },
  });
}

/** What a server is called that has no name of its own: "127.0.0.1:8000/v1". */
export function serverNameOf(baseUrl: string): string {
  return baseUrl.replace(/^https?:\/\//, "");
}

function settingsOf({ id, format, settings = {} }: ModelSource): OpenaiModelSettings {
  if (format !== FORMAT)
    throw fail("SG_COMPUTE_MODEL", `Model "${id}" is in the format "${format}"; this backend loads "${FORMAT}"`);
  return parseStrictly(`Settings of model "${id}"`, modelSettingsSchema, settings);
}

function serverOf(
  { secretName, ...address }: Address,
  { fetch, secret }: Pick<ProbeOptions, "fetch" | "secret">,
  clock: Clock,
): Server {
  if (fetch === undefined)
    throw fail("SG_COMPUTE_UNAVAILABLE", `Server "${address.name}" cannot be reached: this host lends no network`, {
      hint: "Pass `fetch` to probe() and load().",
    });
  const apiKey = secretName === undefined ? undefined : secret?.(secretName);
  if (secretName !== undefined && apiKey === undefined)
    throw fail("SG_OPENAI_KEY", `The secret "${secretName}", API key of server "${address.name}", is not set`);
  return { ...address, apiKey, fetch, clock };
}
