import type { Adapter } from "../contract/adapter.ts";
import type { AnyModality, Codec, Port } from "../contract/modality.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { portEntries } from "../define/define-transform.ts";
import { fail } from "../errors/catalog.ts";
import { sharedModalities } from "../modalities/index.ts";
import { didYouMean } from "../util/nearest-name.ts";
import { checkAdapter } from "./check-adapter.ts";
import { createModalityLookup } from "./modality-lookup.ts";
import { ownedMap } from "./owned-map.ts";
import type { Registry } from "./registry.ts";
import { newestFirst } from "./semver.ts";

/**
 * Puts adapters and the shared vocabulary together. Pure and immutable; opening one more adapter makes a new registry.
 * Throws SG_ADAPTER_SPEC and SG_DEFINE_INVALID for adapters that are not well formed, SG_ADAPTER_CONFLICT when two
 * define the same thing (the same transform in two versions is fine), SG_REGISTRY_UNKNOWN for a codec of no modality.
 */
export function createRegistry(adapters: readonly Adapter[]): Registry {
  const owners = ownedMap<Adapter>("adapter");
  const modalities = ownedMap<AnyModality>("modality");
  const transforms = ownedMap<AnyTransform>("transform");
  const models = ownedMap<Adapter["models"][number]>("model");
  const backends = ownedMap<Adapter["backends"][number]>("backend");
  for (const modality of sharedModalities) modalities.add(modality.id, modality, "the shared vocabulary");
  for (const adapter of adapters) {
    checkAdapter(adapter);
    owners.add(adapter.id, adapter, adapter.id);
    for (const modality of adapter.modalities) modalities.add(modality.id, modality, adapter.id);
    for (const transform of adapter.transforms)
      transforms.add(`${transform.id}@${transform.version}`, transform, adapter.id);
    for (const model of adapter.models) models.add(`${model.id}@${model.version}`, model, adapter.id);
    for (const backend of adapter.backends) backends.add(backend.id, backend, adapter.id);
  }
  // A port brings its modality along, so that a transform can be opened without the adapter that defines its input.
  for (const [key, transform] of transforms.byKey) {
    for (const port of [...portEntries(transform.from).map(([, value]) => value), transform.to]) {
      const modality = itemOf(port);
      if (!modality.id.includes("(")) modalities.addIfNew(modality.id, modality, transforms.owner(key));
    }
  }
  const lookUp = createModalityLookup(modalities.byKey);
  const byId = groupVersions(transforms.byKey.values());
  const contributed = collectCodecs(adapters, lookUp);
  const merged = new WeakMap<AnyModality, ReadonlyMap<string, Codec<unknown>>>();
  return Object.freeze({
    adapters: Object.freeze([...adapters]),
    modalities: Object.freeze([...modalities.byKey.values()]),
    transforms: Object.freeze([...byId.values()].flatMap((versions) => versions.slice(0, 1))),
    models: Object.freeze([...models.byKey.values()]),
    backends: Object.freeze([...backends.byKey.values()]),
    modality: lookUp,
    transform(use: string): AnyTransform {
      const found = use.includes("@") ? transforms.byKey.get(use) : byId.get(use)?.[0];
      if (found !== undefined) return found;
      throw unknownTransform(use, byId);
    },
    versions: (id: string) => byId.get(id) ?? [],
    codecs(modality: AnyModality): ReadonlyMap<string, Codec<unknown>> {
      let all = merged.get(modality);
      if (all === undefined) {
        all = new Map([...Object.entries(modality.codecs), ...(contributed.get(modality.id) ?? [])]);
        merged.set(modality, all);
      }
      return all;
    },
  });
}

function itemOf(port: Port): AnyModality {
  return port.kind === "many" ? port.item : port;
}

function groupVersions(transforms: Iterable<AnyTransform>): ReadonlyMap<string, readonly AnyTransform[]> {
  const groups = new Map<string, AnyTransform[]>();
  for (const transform of transforms) {
    const versions = groups.get(transform.id);
    if (versions === undefined) groups.set(transform.id, [transform]);
    else versions.push(transform);
  }
  for (const versions of groups.values()) versions.sort((a, b) => newestFirst(a.version, b.version));
  return groups;
}

/** Throws SG_ADAPTER_CONFLICT when an encoding is there already. */
function collectCodecs(
  adapters: readonly Adapter[],
  lookUp: (id: string) => AnyModality,
): ReadonlyMap<string, ReadonlyMap<string, Codec<unknown>>> {
  const codecs = ownedMap<Codec<unknown>>("codec");
  const byModality = new Map<string, Map<string, Codec<unknown>>>();
  for (const adapter of adapters) {
    for (const { modality: id, mediaType, codec } of adapter.codecs) {
      const modality = lookUp(id);
      const key = `${id} as ${mediaType}`;
      const own = modality.codecs[mediaType];
      if (own !== undefined) codecs.add(key, own, `modality "${id}" itself`);
      codecs.add(key, codec, adapter.id);
      byModality.set(id, (byModality.get(id) ?? new Map<string, Codec<unknown>>()).set(mediaType, codec));
    }
  }
  return byModality;
}

function unknownTransform(use: string, byId: ReadonlyMap<string, readonly AnyTransform[]>): Error {
  const [id = use, version] = use.split("@");
  const versions = byId.get(id);
  if (version !== undefined && versions !== undefined) {
    const open = versions.map((transform) => transform.version).join(", ");
    return fail("SG_REGISTRY_UNKNOWN", `Transform "${id}" is not open in version ${version}; open are ${open}`);
  }
  return fail("SG_REGISTRY_UNKNOWN", `No open adapter defines the transform "${use}"${didYouMean(id, byId.keys())}`);
}
