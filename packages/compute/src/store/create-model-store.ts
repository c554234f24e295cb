import { resolve } from "node:path";
import {
  digestJson,
  type Clock,
  type GatedFetch,
  type ModelFile,
  type ModelSpec,
  type ModelVariant,
} from "@stargate/kernel";
import { createBlobs } from "./blobs.ts";
import { writeBundle } from "./bundle/write-bundle.ts";
import { loadBundle } from "./bundle/load-bundle.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { freeBytesOf, onDisk } from "./disk-space.ts";
import type { FetchPolicy } from "./fetch-policy.ts";
import { createVerifiedFiles } from "./files/verified-files.ts";
import { findFile, type FindOptions, type FoundFile } from "./find-file.ts";
import { createLayout } from "./layout.ts";
import { createLeases } from "./leases.ts";
import { listModels } from "./list-models.ts";
import type { ManagedModelStore } from "./managed-model-store.ts";
import type { LocatedVariant, VariantState } from "./model-store.ts";
import { createRefs } from "./refs.ts";
import { builtInModels } from "./registry/built-in-models.ts";
import { createSharedWork } from "./shared-work.ts";
import { createSpecCatalogue } from "./spec/spec-catalogue.ts";
import type { StoreContext } from "./store-context.ts";
import { variantState } from "./variant-state.ts";
import { verifyStore } from "./verify-store.ts";

export interface ModelStoreOptions {
  /** The store's own folder; made when something is put into it. Several processes may share it. */
  readonly folder: string;
  /** Folders of model files that are used where they lie, never written to. */
  readonly folders?: readonly string[] | undefined;
  /** Models of the operator: each stands for every other of the same id. */
  readonly models?: readonly ModelSpec[] | undefined;
  /** What may be fetched. Default: what `pull` is told to, and nothing else. */
  readonly policy?: Partial<FetchPolicy> | undefined;
  /** The way to a network; absent: nothing is fetched. Large files take long: give it no time limit of its own. */
  readonly fetch?: GatedFetch | undefined;
  /** Prefix of an address -> what to try in its place first: `{ "https://huggingface.co/": "https://mirror.local/" }`. */
  readonly mirrors?: Readonly<Record<string, string>> | undefined;
  /** Default 16 GiB. */
  readonly maxFileBytes?: number | undefined;
  /** An answer that sends nothing for so long is given up and asked for again. Default 30 s. */
  readonly stallMs?: number | undefined;
  /** Failures in a row after which an address is given up. Default 4. */
  readonly maxFailures?: number | undefined;
  readonly clock: Clock;
  /** Free space of a folder's disk; tests pass their own. */
  readonly freeBytes?: ((folder: string) => Promise<number>) | undefined;
}

/** For so long what was found is not looked at again: a stat per file and call would be the dearest part of a small call. */
const FRESH_MS = 1000;

/**
 * Opens a model store on a folder. It knows the built-in models; `declare` adds those of adapters. Touches the disk
 * only when something is asked of it. Throws SG_MODEL_DECLARATION.
 * @example
 * const store = createModelStore({ folder: ".stargate/models", clock: host.clock, fetch: host.fetch });
 * const spec = store.spec("silero-vad");
 * const { paths } = await store.locate(spec, spec.variants[0], { signal });
 */
export function createModelStore(options: ModelStoreOptions): ManagedModelStore {
  const context = createContext(options);
  const { catalogue, clock, layout } = context;
  catalogue.declare(builtInModels);
  const located = createSharedWork<LocatedVariant>();
  const assets = createSharedWork<Readonly<Record<string, string>>>();
  let fresh = createMemory();

  async function findAll(
    spec: ModelSpec,
    variant: string | null,
    files: readonly ModelFile[],
    find: FindOptions,
  ): Promise<readonly FoundFile[]> {
    const found: FoundFile[] = [];
    // One after the other: they share one network and one disk.
    for (const file of files)
      found.push(await onDisk(layout.root, () => findFile({ spec, variant, file }, find, context)));
    return found;
  }

  const changing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await onDisk(layout.root, work);
    } finally {
      fresh = createMemory();
    }
  };

  return {
    declare(specs) {
      catalogue.declare(specs);
      fresh = createMemory();
    },
    get specs() {
      return catalogue.specs;
    },
    spec: (model) => catalogue.spec(model),
    state(spec, variant) {
      const known = fresh.states.get(variant);
      if (known !== undefined && clock.nowMs() - known.atMs < FRESH_MS) return known.value;
      const value = variantState(spec, variant, context);
      fresh.states.set(variant, { value, atMs: clock.nowMs() });
      return value;
    },
    async locate(spec, variant, { signal, onProgress }) {
      const known = fresh.located.get(variant);
      if (known !== undefined && clock.nowMs() - known.atMs < FRESH_MS) return known.value;
      const value = await located.run(`${workKey(spec)}/${variant.name}`, { signal, onProgress }, async (caller) => {
        const files = await findAll(spec, variant.name, variant.files, { ...caller, isExplicit: false });
        return { spec, variant, paths: pathsOf(files), digest: digestOf(files) };
      });
      fresh.located.set(variant, { value, atMs: clock.nowMs() });
      fresh.states.delete(variant);
      return value;
    },
    locateAssets: (spec, { signal, onProgress }) =>
      assets.run(workKey(spec), { signal, onProgress }, async (caller) =>
        pathsOf(await findAll(spec, null, spec.assets ?? [], { ...caller, isExplicit: false })),
      ),
    preferredVariant: (spec) => spec.variants.find(isPinned) ?? firstOf(spec),
    pull: (spec, variant, pullOptions) =>
      changing(async () => {
        const find = { ...pullOptions, isExplicit: true };
        const files = await findAll(spec, variant.name, variant.files, find);
        const assetFiles = await findAll(spec, null, spec.assets ?? [], find);
        const { id: model, version, licence } = spec;
        return { model, version, licence, variant: variant.name, files: [...files, ...assetFiles] };
      }),
    list: () => listModels(context),
    verify: ({ signal, specs }) => changing(() => verifyStore(specs, signal, context)),
    bundle: (path, specs, call) => onDisk(resolve(path), () => writeBundle(path, specs, call, context)),
    load: (bundle, call) => changing(() => loadBundle(bundle, call, context)),
    collectGarbage: ({ undeclared }) => changing(() => collectGarbage(undeclared, context)),
    close: () => onDisk(layout.root, () => context.leases.close()),
  };
}

function createContext(options: ModelStoreOptions): StoreContext {
  const layout = createLayout(resolve(options.folder));
  return {
    catalogue: createSpecCatalogue(options.models ?? []),
    layout,
    folders: (options.folders ?? []).map((folder) => resolve(folder)),
    policy: { mode: "allowed", allow: [], accept: [], ...options.policy },
    mirrors: options.mirrors ?? {},
    limits: {
      maxFileBytes: options.maxFileBytes ?? 16 * 2 ** 30,
      stallMs: options.stallMs ?? 30_000,
      maxFailures: options.maxFailures ?? 4,
    },
    fetch: options.fetch,
    clock: options.clock,
    freeBytes: options.freeBytes ?? freeBytesOf,
    blobs: createBlobs(layout),
    refs: createRefs(layout),
    leases: createLeases(layout),
    verified: createVerifiedFiles(),
  };
}

interface Remembered<T> {
  readonly value: T;
  readonly atMs: number;
}

function createMemory() {
  return {
    states: new WeakMap<ModelVariant, Remembered<VariantState>>(),
    located: new WeakMap<ModelVariant, Remembered<LocatedVariant>>(),
  };
}

function workKey({ id, version }: ModelSpec): string {
  return JSON.stringify([id, version]);
}

function pathsOf(files: readonly FoundFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ name, path }) => [name, path]));
}

function digestOf(files: readonly FoundFile[]): string | null {
  if (files.length === 0) return null;
  return digestJson(files.map(({ name, sha256 }) => ({ name, sha256 })).toSorted((a, b) => (a.name < b.name ? -1 : 1)));
}

function isPinned({ files }: ModelVariant): boolean {
  return files.every(({ sha256 }) => sha256 !== null);
}

function firstOf({ variants }: ModelSpec): ModelVariant {
  const [first] = variants;
  return first as ModelVariant; // a declaration without variants is refused
}
